/** Home: amount, peace, ways, items with their calculation, history. */
import type { FC } from "hono/jsx";
import { formatAmount, formatTableDate, type Language } from "../../../outreach/messaging/index.ts";
import { dateIn, money, type PlainDate } from "../../../pure/kernel/index.ts";
import { lawInWriting } from "../../../pure/law/index.ts";
import type { Posting } from "../../../books/receivables/index.ts";
import { type Account, type AccountItem, greetingName } from "../account.ts";
import { prose, type Words } from "../words/index.ts";
import { Calm, type Frame, Icon, type IconName, Numbered, page } from "./layout.tsx";

export const amountIn = (account: Account, language: Language) => (minor: bigint) =>
  formatAmount(money(minor, account.currency), language);

/** The amount; a trailing currency is smaller. */
const Amount: FC<{ text: string }> = ({ text }) => {
  const at = text.lastIndexOf("\u00a0");
  return at < 0 ? (
    <span class="amt">{text}</span>
  ) : (
    <span class="amt">
      {text.slice(0, at + 1)}
      <small>{text.slice(at + 1)}</small>
    </span>
  );
};

/** `− 60,00 €`: a difference. */
const signed = (text: string): string => text.replace(/^−/, "− ");

/** What rests, or until when there is peace: stands above the first button. */
export const Peace: FC<{ frame: Frame; account: Account }> = ({ frame, account }) => {
  const words = frame.words.home;
  const day = (date: PlainDate): string => prose(date, account.today, frame.language);
  const holds = account.holds.filter((hold) => hold.receivableId === undefined);
  const open = holds.find((hold) => hold.endsOn === undefined);
  const last = holds
    .filter((hold) => hold.endsOn !== undefined)
    .sort((a, b) => ((a.endsOn ?? "") < (b.endsOn ?? "") ? 1 : -1))[0];
  if (open)
    return (
      <Calm icon="hold" title={words.restsOpen}>
        {open.ground === "dispute" ? words.restsDispute : words.restsMore}
      </Calm>
    );
  if (last?.endsOn !== undefined && last.endsOn >= (account.peaceUntil ?? "")) {
    const more = { claimed_paid: words.restsPaid, callback: words.restsCall }[last.ground as string] ?? words.restsMore;
    return (
      <Calm icon="hold" title={words.rests(day(last.endsOn))}>
        {more}
      </Calm>
    );
  }
  if (account.peaceUntil !== undefined)
    return (
      <Calm icon="clock" title={words.peace(day(account.peaceUntil))}>
        {words.peaceMore}
      </Calm>
    );
  return (
    <Calm icon="clock" title={words.noTerm}>
      {words.noTermMore}
    </Calm>
  );
};

export function nothingPage(frame: Frame): string {
  const words = frame.words.home;
  return page({
    frame,
    title: words.title,
    narrow: true,
    children: (
      <>
        <Ring />
        <h1>{words.nothing}</h1>
        <p class="lead">{words.nothingMore}</p>
      </>
    ),
  });
}

export const Ring: FC = () => (
  <svg class="ring" viewBox="0 0 64 64" aria-hidden="true">
    <circle cx="32" cy="32" r="29" />
    <path d="m20.5 33 8 8 15-17" />
  </svg>
);

const Way: FC<{ href: string; icon: IconName; title: string; detail: string }> = ({ href, icon, title, detail }) => (
  <a href={href}>
    <Icon name={icon} />
    <span>
      <b>{title}</b>
      <small>{detail}</small>
    </span>
    <Icon name="right" small end />
  </a>
);

export function homePage(frame: Frame, account: Account): string {
  const { words, language, base } = frame;
  const amount = amountIn(account, language);
  const total = amount(account.totalMinor);
  const share = account.claimedMinor > 0n ? Number((account.paidMinor * 1000n) / account.claimedMinor) / 10 : 0;
  return page({
    frame,
    title: words.home.title,
    children: (
      <div class="two">
        <div>
          <div class="sum">
            <p class="lead">{words.home.greeting(greetingName(account.identity))}</p>
            <h1>
              {words.home.open} <Amount text={total} />
            </h1>
          </div>
          {account.paidMinor > 0n && (
            <div class="paid">
              <svg
                class="bar"
                role="img"
                aria-label={words.home.bar(amount(account.paidMinor), amount(account.claimedMinor))}
              >
                <rect width={`${share}%`} height="10" rx="5" />
              </svg>
              <p class="mute">{words.home.paid(amount(account.paidMinor))}</p>
            </div>
          )}
          <Peace frame={frame} account={account} />
          <div class="stack">
            <a class="btn" href={`${base}/pay`}>
              {words.home.pay}
            </a>
            <a class="btn line" href={`${base}/paid`}>
              {words.home.paidWay}
            </a>
          </div>
          <section class="others" aria-labelledby="others">
            <h2 id="others">{words.home.others}</h2>
            <div class="card rows">
              <Way href={`${base}/call`} icon="phone" title={words.home.callWay} detail={words.home.callWayMore} />
              <Way href={`${base}/wrong`} icon="object" title={words.home.wrongWay} detail={words.home.wrongWayMore} />
            </div>
          </section>
        </div>
        <div>
          <section aria-labelledby="items">
            <h2 id="items">{words.home.items}</h2>
            <div class="card">
              {account.items.map((one, index) => (
                <ItemDetails frame={frame} account={account} one={one} open={index === 0} />
              ))}
              {account.credits.map(({ item, claim }) => (
                <p class="row">
                  <span>
                    {item.itemKind === "credit_note" ? words.line.creditNote(item.number) : words.line.onAccount}
                  </span>
                  <span>{signed(amount(claim.totalMinor))}</span>
                </p>
              ))}
              <p class="total">
                <span>{words.home.together}</span>
                <span>{total}</span>
              </p>
            </div>
            <p class="mute">
              <a class="more" href={`${base}/statement`}>
                {words.statement.link}
              </a>
            </p>
          </section>
          {account.later.length > 0 && (
            <section aria-labelledby="later">
              <h2 id="later">{words.home.later}</h2>
              <div class="card">
                {account.later.map((item) => (
                  <p class="row">
                    <span>
                      <Numbered text={words.line.invoice(item.number)} number={item.number} />
                      <small>{words.home.due(formatTableDate(item.dueOn, language))}</small>
                    </span>
                    <span>{amount(item.openTotal)}</span>
                  </p>
                ))}
              </div>
              <p class="hint">{words.home.laterMore}</p>
            </section>
          )}
          <History frame={frame} account={account} />
          <section aria-labelledby="rights">
            <h2 id="rights">{words.home.rights}</h2>
            <p class="mute">
              {words.home.rightsText} <a href={`${base}/help`}>{words.foot.help}</a>
            </p>
          </section>
        </div>
      </div>
    ),
  });
}

const ItemDetails: FC<{ frame: Frame; account: Account; one: AccountItem; open: boolean }> = ({
  frame,
  account,
  one,
  open,
}) => {
  const { words, language, base } = frame;
  const amount = amountIn(account, language);
  const { item, claim, document } = one;
  const kind = document?.mediaType === "application/pdf" ? "PDF" : "XML";
  return (
    <details class="item" open={open}>
      <summary>
        <span>
          <b>
            <Numbered text={words.line.invoice(item.number)} number={item.number} />
          </b>
          <small>{words.home.due(formatTableDate(item.dueOn, language))}</small>
        </span>
        <span class="v">
          {amount(claim.totalMinor)}
          <span class="more">
            {words.home.calculation} <Icon name="down" small />
          </span>
        </span>
      </summary>
      <div class="calc">
        <dl>
          {one.postings.map((posting) => (
            <>
              <dt>
                {postingTitle(words, posting)}
                <small>{postingDetail(frame, one, posting)}</small>
              </dt>
              <dd>{signed(amount(posting.amountMinor))}</dd>
            </>
          ))}
          {claim.charges.map((charge) => (
            <>
              <dt>
                {charge.component === "interest" ? words.line.interest : words.line.cost}
                <small>
                  {[
                    charge.ratePercent !== undefined && charge.days !== undefined
                      ? words.line.interestOf(`${localPercent(charge.ratePercent, language)} %`, charge.days)
                      : "",
                    lawInWriting(charge.paragraph, language),
                    charge.provisional ? words.line.provisional : "",
                  ]
                    .filter((part) => part !== "")
                    .join(", ")}
                </small>
              </dt>
              <dd>{amount(charge.amountMinor)}</dd>
            </>
          ))}
        </dl>
        {document && (
          <p class="mute">
            <a href={`${base}/document/${document.documentId}`}>{words.home.document(kind)}</a>
          </p>
        )}
        {account.items.length > 1 && (
          <p class="mute">
            <a href={`${base}/pay?item=${item.receivableId}`}>{words.home.payThis}</a>
          </p>
        )}
      </div>
    </details>
  );
};

function postingTitle(words: Words, posting: Posting): string {
  return posting.kind === "claim" ? words.line.claim : words.line[posting.kind];
}

function postingDetail({ words, language }: Frame, { item }: AccountItem, posting: Posting): string {
  const day = formatTableDate(posting.valueOn, language);
  if (posting.kind === "claim")
    return [
      words.home.invoiceOf(formatTableDate(item.issuedOn, language)),
      item.orderNumber === undefined ? "" : words.home.order(item.orderNumber),
    ]
      .filter((part) => part !== "")
      .join(", ");
  if (posting.kind === "payment") return words.line.paymentOn(day);
  return [words.line.on(day), posting.ground === undefined ? "" : lawInWriting(posting.ground, language)]
    .filter((part) => part !== "")
    .join(", ");
}

const localPercent = (rate: string, language: Language): string => (language === "de" ? rate.replace(".", ",") : rate);

interface Step {
  readonly on: PlainDate;
  readonly text: string;
}

/** The way: what was, today, what comes. */
const History: FC<{ frame: Frame; account: Account }> = ({ frame, account }) => {
  const { words, language } = frame;
  const amount = amountIn(account, language);
  const steps: Step[] = [
    ...account.payments.map((one) => ({ on: one.on, text: words.history.payment(amount(one.amountMinor)) })),
    ...account.asks.map((one) => ({
      on: dateIn(one.leftAt ?? one.queuedAt, account.zone),
      text: words.history.message(
        words.history.stage[one.stage ?? "other"] ?? words.history.stage["other"] ?? "",
        words.history.channel[one.channel],
      ),
    })),
    ...account.holds
      .map((hold) => ({ on: hold.startsOn, text: words.history.hold[hold.ground] }))
      .filter((step): step is Step => step.text !== undefined),
  ].sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
  const day = (date: PlainDate): string => prose(date, account.today, language);
  const rest = account.holds.map((hold) => hold.endsOn).filter((end) => end !== undefined);
  const open = account.holds.some((hold) => hold.endsOn === undefined);
  const quiet = [...rest, ...(account.peaceUntil === undefined ? [] : [account.peaceUntil])].sort().at(-1);
  return (
    <section aria-labelledby="history">
      <h2 id="history">{words.home.history}</h2>
      <ol class="way">
        {steps.map((step) => (
          <li>
            <time datetime={step.on}>{day(step.on)}</time>
            {step.text}
          </li>
        ))}
        <li class="now">
          <time datetime={account.today}>{words.home.now}</time>
          <b>{words.home.here}</b>
        </li>
        {quiet !== undefined && !open && (
          <li class="then">
            <time datetime={quiet}>{day(quiet)}</time>
            {words.home.then}
          </li>
        )}
      </ol>
    </section>
  );
};
