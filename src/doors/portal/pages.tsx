/** Door, home, pay, and what is shown when a link leads nowhere. */
import type { FC } from "hono/jsx";
import { formatAmount, formatGroups, formatTableDate, type Language } from "../../outreach/messaging/index.ts";
import { dateIn, formatMinor, money, type PlainDate, type ReceivableId } from "../../pure/kernel/index.ts";
import { bic as readBic, iban as readIban, writeGiro } from "../../pure/formats/index.ts";
import type { Posting } from "../../books/receivables/index.ts";
import { type Account, type AccountItem, greetingName } from "./account.ts";
import { GiroSvg } from "./giro.tsx";
import { CallButton, Calm, Field, type Frame, Icon, type IconName, page } from "./layout.tsx";
import { FACTOR_KINDS, type FactorKind, prose, type Words } from "./words.ts";

export type DeadKind = keyof Omit<Words["dead"], "enterCode">;

export function deadPage(frame: Frame, kind: DeadKind): string {
  const { words } = frame;
  return page({
    frame,
    title: words.dead[kind].h1,
    narrow: true,
    children: (
      <>
        <h1>{words.dead[kind].h1}</h1>
        <p class="lead">{words.dead[kind].lead}</p>
        <div class="stack">
          <CallButton frame={frame} />
          {kind === "unknown" && (
            <a class="btn line" href="/p">
              {words.dead.enterCode}
            </a>
          )}
        </div>
      </>
    ),
  });
}

export function codePage(frame: Frame, entered?: string): string {
  const words = frame.words.code;
  const errors = entered === undefined ? [] : [{ field: "code", message: words.wrong }];
  return page({
    frame,
    title: words.title,
    narrow: true,
    children: (
      <>
        <h1>{words.h1}</h1>
        <p class="lead">{words.lead}</p>
        <form class="form" method="post" action="/p" novalidate>
          <Field
            name="code"
            label={words.label}
            hint={words.hint}
            value={entered}
            error={errors[0]?.message}
            big
            autocomplete="off"
            longest={64}
          />
          <button class="btn" type="submit">
            {frame.words.next}
          </button>
        </form>
      </>
    ),
  });
}

export interface DoorState {
  readonly kind: FactorKind;
  readonly answer?: string;
  readonly problem?: { readonly kind: "wrong"; readonly triesLeft: number } | { readonly kind: "empty" };
  /** The page to go to, and what was typed there before the session ended. */
  readonly then: string;
  readonly kept: readonly (readonly [name: string, value: string])[];
}

const FACTOR_ICONS: Readonly<Record<FactorKind, IconName>> = { postcode: "mail", order: "list", amount: "letter" };

/** Nothing of the customer stands here: brand, question, and nothing else. */
export function doorPage(frame: Frame, state: DoorState, title: string): string {
  const words = frame.words.door;
  const { kind, problem } = state;
  const message =
    problem === undefined
      ? undefined
      : problem.kind === "empty"
        ? words.empty(words.label[kind])
        : words.wrong(problem.triesLeft, words.where[kind]);
  return page({
    frame,
    title,
    narrow: true,
    children: (
      <>
        <h1>{words.h1}</h1>
        <p class="lead">{words.lead[kind]}</p>
        {state.kept.length > 0 && <Calm icon="clock">{words.kept}</Calm>}
        <form class="form" method="post" action={`${frame.base}?with=${kind}`} novalidate>
          <input type="hidden" name="kind" value={kind} />
          <input type="hidden" name="then" value={state.then} />
          {state.kept.map(([name, value]) => (
            <input type="hidden" name={`kept.${name}`} value={value} />
          ))}
          <Field
            name="answer"
            label={words.label[kind]}
            hint={words.hint[kind]}
            value={state.answer}
            error={message}
            big
            longest={60}
            inputmode={kind === "postcode" ? "numeric" : kind === "amount" ? "decimal" : "text"}
            autocomplete={kind === "postcode" ? "postal-code" : "off"}
          />
          <button class="btn" type="submit">
            {frame.words.next}
          </button>
        </form>
        <details class="other" open={kind !== "postcode"}>
          <summary>
            {words.other} <Icon name="down" small />
          </summary>
          <div class="card rows">
            {FACTOR_KINDS.filter((one) => one !== kind).map((one) => (
              <a href={`${frame.here}?with=${one}`}>
                <Icon name={FACTOR_ICONS[one]} />
                <span>
                  <b>{words.label[one]}</b>
                </span>
                <Icon name="right" small end />
              </a>
            ))}
          </div>
        </details>
        <section>
          <Calm icon="lock">{words.promise}</Calm>
        </section>
        <section>
          <CallButton frame={frame} />
        </section>
      </>
    ),
  });
}

const amountIn = (account: Account, language: Language) => (minor: bigint) =>
  formatAmount(money(minor, account.currency), language);

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
              {words.home.open} <span class="amt">{total}</span>
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
          </section>
          {account.later.length > 0 && (
            <section aria-labelledby="later">
              <h2 id="later">{words.home.later}</h2>
              <div class="card">
                {account.later.map((item) => (
                  <p class="row">
                    <span>
                      {words.line.invoice(item.number)}
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
          <b>{words.line.invoice(item.number)}</b>
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
                    keepTogether(charge.paragraph),
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
  return [words.line.on(day), posting.ground === undefined ? "" : keepTogether(posting.ground)]
    .filter((part) => part !== "")
    .join(", ");
}

const localPercent = (rate: string, language: Language): string => (language === "de" ? rate.replace(".", ",") : rate);
const keepTogether = (paragraph: string): string => paragraph.replace(/ /g, "\u00a0");

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

/** What the customer chose: everything, one item, or an own amount. */
export type PayChoice = "all" | "other" | ReceivableId;

const CopyRow: FC<{ words: Words; name: string; shown: string; copied?: string }> = ({
  words,
  name,
  shown,
  copied,
}) => (
  <div>
    <dt>{name}</dt>
    <dd>
      <span class="value">{shown}</span>
    </dd>
    {copied !== undefined && (
      <dd class="cp">
        <button
          class="cp"
          type="button"
          data-copy={copied}
          data-copied={words.copied(name)}
          aria-label={words.copy(name)}
        >
          <span class="no">
            <Icon name="copy" small />
          </span>
          <span class="yes">
            <Icon name="check" small />
          </span>
        </button>
      </dd>
    )}
  </div>
);

export function payPage(frame: Frame, account: Account, choice: PayChoice): string {
  const { words, language, base } = frame;
  const pay = words.pay;
  const amount = amountIn(account, language);
  const one = account.items.find(({ item }) => item.receivableId === choice);
  const minor = choice === "other" ? undefined : (one?.claim.totalMinor ?? account.totalMinor);
  const reference = one ? one.item.paymentReference : account.reference;
  const bank = account.creditor.accounts.find((each) => each.isDefault) ?? account.creditor.accounts[0];
  const iban = bank && readIban(bank.iban);
  const bic = bank?.bic === undefined ? undefined : readBic(bank.bic);
  const giro =
    bank && account.currency === "EUR"
      ? writeGiro({
          name: bank.accountHolder,
          iban: bank.iban,
          reference,
          ...(minor !== undefined && { amount: formatMinor(minor, account.currency) }),
        })
      : undefined;
  const shown = minor === undefined ? undefined : amount(minor);
  const options: { key: string; title: string; detail: string; value?: string }[] = [
    { key: "all", title: pay.all, detail: pay.allMore, value: amount(account.totalMinor) },
    ...(account.items.length > 1
      ? account.items.map(({ item, claim }) => ({
          key: item.receivableId,
          title: words.line.invoice(item.number),
          detail: words.home.due(formatTableDate(item.dueOn, language)),
          value: amount(claim.totalMinor),
        }))
      : []),
    { key: "other", title: pay.other, detail: pay.otherMore },
  ];
  const chosen = one ? one.item.receivableId : choice === "other" ? "other" : "all";
  return page({
    frame,
    title: pay.title,
    back: true,
    children: (
      <div class="two">
        <div>
          <h1 class="head">{pay.h1}</h1>
          <p class="lead">{pay.lead}</p>
          <nav class="stack" aria-label={pay.choices}>
            <ul class="opts">
              {options.map((option) => (
                <li>
                  <a
                    class="opt"
                    href={`${base}/pay${option.key === "all" ? "" : `?item=${option.key}`}`}
                    aria-current={option.key === chosen ? "true" : undefined}
                  >
                    {option.value !== undefined && <span class="v">{option.value}</span>}
                    <b>{option.title}</b>
                    <small>{option.detail}</small>
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          {giro?.ok && (
            <section aria-labelledby="app">
              <h2 id="app">{pay.app}</h2>
              <div class="card giro">
                <div class="plate">
                  <GiroSvg
                    payload={giro.value.payload}
                    label={shown === undefined ? pay.codeLabelOpen : pay.codeLabel(shown)}
                  />
                </div>
                <p>{shown === undefined ? pay.codeOpen : pay.code(shown)}</p>
              </div>
            </section>
          )}
        </div>
        <div>
          <section aria-labelledby="hand">
            <h2 id="hand">{giro?.ok ? pay.orHand : pay.hand}</h2>
            {bank && iban?.ok ? (
              <>
                <dl class="card data">
                  <CopyRow words={words} name={pay.payee} shown={bank.accountHolder} copied={bank.accountHolder} />
                  <CopyRow words={words} name={pay.iban} shown={formatGroups(iban.value)} copied={iban.value} />
                  {bic?.ok && !iban.value.startsWith("DE") && (
                    <CopyRow words={words} name={pay.bic} shown={bic.value} copied={bic.value} />
                  )}
                  {minor !== undefined && shown !== undefined ? (
                    <CopyRow
                      words={words}
                      name={pay.amount}
                      shown={shown}
                      copied={formatMinor(minor, account.currency).replace(".", language === "de" ? "," : ".")}
                    />
                  ) : (
                    <CopyRow words={words} name={pay.amount} shown={pay.amountOpen} />
                  )}
                  <CopyRow words={words} name={pay.reference} shown={formatGroups(reference)} copied={reference} />
                </dl>
                <p class="hint">{pay.referenceMore}</p>
              </>
            ) : (
              <p class="lead">{pay.noAccount}</p>
            )}
          </section>
          <section>
            <Calm icon="shield" title={pay.calm}>
              {pay.calmMore}
            </Calm>
          </section>
          <section>
            <a class="btn line" href={`${base}/paid`}>
              {pay.done}
            </a>
          </section>
        </div>
      </div>
    ),
  });
}
