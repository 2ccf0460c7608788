/** The forms: already paid, call, something is wrong, ways to reach; and what is said after each. */
import type { Child, FC } from "hono/jsx";
import { formatAmount, formatTableDate } from "../../../outreach/messaging/index.ts";
import { addDays, money, type PlainDate } from "../../../pure/kernel/index.ts";
import type { Account } from "../account.ts";
import { answerBy, CALL_WINDOWS, callDays, claimedPaidUntil, stateOf, WORDS_LONGEST } from "../acts.ts";
import {
  CallButton,
  Calm,
  Choices,
  Csrf,
  errorOf,
  ErrorSummary,
  Field,
  type FieldError,
  type Frame,
  Icon,
  Numbered,
  page,
} from "./layout.tsx";
import { Ring } from "./home.tsx";
import { DISPUTE_REASONS, prose, withWeekday } from "../words/index.ts";

/** What was typed, what needs the person, and a sentence on top where the page is shown again for another reason. */
export interface FormState {
  readonly entries: URLSearchParams;
  readonly errors: readonly FieldError[];
  readonly note?: string;
}

interface FormParts {
  readonly frame: Frame;
  readonly state: FormState;
  readonly title: string;
  readonly h1: string;
  readonly lead: string;
  readonly action: string;
  readonly submit: string;
  readonly before?: Child;
  readonly after?: Child;
  readonly children?: Child;
}

const formPage = ({ frame, state, title, h1, lead, action, submit, before, after, children }: FormParts): string =>
  page({
    frame,
    title,
    back: true,
    narrow: true,
    children: (
      <>
        <h1 class="head">{h1}</h1>
        <p class="lead">{lead}</p>
        <ErrorSummary words={frame.words} errors={state.errors} note={state.note} />
        <form class="form" method="post" action={`${frame.base}/${action}`} novalidate>
          <Csrf frame={frame} />
          {children}
          <div class="stack">
            {before}
            <button class="btn" type="submit">
              {submit}
            </button>
            {after}
          </div>
        </form>
      </>
    ),
  });

export function paidForm(frame: Frame, account: Account, state: FormState): string {
  const words = frame.words.paid;
  const { entries, errors } = state;
  const until = claimedPaidUntil(account.creditor.settings, account.today);
  return formPage({
    frame,
    state,
    title: words.title,
    h1: words.h1,
    lead: words.lead(withWeekday(until, account.today, frame.language)),
    action: "paid",
    submit: words.submit,
    children: (
      <>
        <Field
          name="paidOn"
          label={words.on}
          hint={words.onHint(formatTableDate(addDays(account.today, -3), "de"))}
          inputmode="text"
          value={entries.get("paidOn") ?? formatTableDate(account.today, "de")}
          error={errorOf(errors, "paidOn")}
          longest={30}
        />
        <Field
          name="note"
          label={words.note}
          hint={words.noteHint}
          rows={3}
          value={entries.get("note") ?? ""}
          error={errorOf(errors, "note")}
          longest={WORDS_LONGEST}
        />
      </>
    ),
  });
}

export function callForm(frame: Frame, account: Account, state: FormState): string {
  const words = frame.words.ask;
  const { entries, errors } = state;
  const days = callDays(account.today, stateOf(account.customer));
  const person = frame.brand?.contact.person ?? account.creditor.name;
  return formPage({
    frame,
    state,
    title: words.title,
    h1: words.h1,
    lead: words.lead(person),
    action: "call",
    submit: words.submit,
    children: (
      <>
        <Choices
          name="on"
          legend={words.day}
          chosen={entries.getAll("on")}
          error={errorOf(errors, "on")}
          choices={days.map((day) => ({ value: day, title: withWeekday(day, account.today, frame.language) }))}
        />
        <Choices
          name="time"
          legend={words.time}
          chosen={entries.getAll("time")}
          error={errorOf(errors, "time")}
          choices={CALL_WINDOWS.map(([from, to]) => ({ value: `${from}-${to}`, title: words.from(from, to) }))}
        />
        <Field
          name="phone"
          label={words.phone}
          hint={words.phoneHint}
          kind="tel"
          inputmode="tel"
          autocomplete="tel"
          value={entries.get("phone") ?? ""}
          error={errorOf(errors, "phone")}
          longest={40}
        />
        <Field
          name="about"
          label={words.about}
          hint={words.aboutHint}
          rows={3}
          value={entries.get("about") ?? ""}
          error={errorOf(errors, "about")}
          longest={WORDS_LONGEST}
        />
      </>
    ),
  });
}

export function wrongForm(frame: Frame, account: Account, state: FormState): string {
  const words = frame.words.wrong;
  const { entries, errors } = state;
  const by = answerBy(account.today, stateOf(account.customer));
  const [only, ...more] = account.items;
  return formPage({
    frame,
    state,
    title: words.title,
    h1: words.h1,
    lead: words.lead(withWeekday(by, account.today, frame.language)),
    action: "wrong",
    submit: words.submit,
    before: (
      <Calm icon="hold" title={words.calm}>
        {words.calmMore}
      </Calm>
    ),
    after: (
      <a class="btn quiet" href={`${frame.base}/call`}>
        <Icon name="phone" small />
        {words.talk}
      </a>
    ),
    children: (
      <>
        {only && more.length === 0 ? (
          <input type="hidden" name="items" value={only.item.receivableId} />
        ) : (
          <Choices
            name="items"
            legend={words.items}
            many
            chosen={entries.getAll("items")}
            error={errorOf(errors, "items")}
            choices={account.items.map(({ item, claim }) => ({
              value: item.receivableId,
              title: <Numbered text={frame.words.line.invoice(item.number)} number={item.number} />,
              detail: frame.words.home.due(formatTableDate(item.dueOn, frame.language)),
              amount: formatAmount(money(claim.totalMinor, account.currency), frame.language),
            }))}
          />
        )}
        <Choices
          name="reason"
          legend={words.reason}
          chosen={entries.getAll("reason")}
          error={errorOf(errors, "reason")}
          choices={DISPUTE_REASONS.map((reason) => ({ value: reason, title: words.reasons[reason] }))}
        />
        <Field
          name="words"
          label={words.words}
          hint={words.wordsHint}
          rows={5}
          value={entries.get("words") ?? ""}
          error={errorOf(errors, "words")}
        />
      </>
    ),
  });
}

/** `e•••@beispiel.example`: the page may be open on a borrowed phone. */
export function maskedMail(mail: string): string {
  const at = mail.lastIndexOf("@");
  return `${mail.slice(0, 1)}•••${mail.slice(at)}`;
}

export function contactForm(
  frame: Frame,
  mails: readonly string[],
  state: FormState,
  said?: "stopped" | "added",
): string {
  const words = frame.words.contact;
  return page({
    frame,
    title: words.title,
    back: true,
    narrow: true,
    children: (
      <>
        <h1 class="head">{words.h1}</h1>
        <p class="lead">{words.lead}</p>
        {said && (
          <div class="stack" role="status">
            <Calm icon="done">{words[said]}</Calm>
          </div>
        )}
        <ErrorSummary words={frame.words} errors={state.errors} note={state.note} />
        <section aria-labelledby="mails">
          <h2 id="mails">{words.mails}</h2>
          {mails.length === 0 && <p>{words.mailsNone}</p>}
          {mails.map((mail) => (
            <p>{words.mailsTo(maskedMail(mail))}</p>
          ))}
          {mails.length > 0 && (
            <form class="form" method="post" action={`${frame.base}/contact`}>
              <Csrf frame={frame} />
              <input type="hidden" name="wish" value="stop" />
              <div>
                <button class="btn line" type="submit">
                  {words.stop}
                </button>
                <p class="hint">{words.stopMore}</p>
              </div>
            </form>
          )}
        </section>
        <section>
          <form class="form" method="post" action={`${frame.base}/contact`} novalidate>
            <Csrf frame={frame} />
            <input type="hidden" name="wish" value="add" />
            <Field
              name="email"
              label={words.other}
              hint={words.otherHint}
              kind="email"
              inputmode="email"
              autocomplete="email"
              value={state.entries.get("email") ?? ""}
              error={errorOf(state.errors, "email")}
              longest={254}
            />
            <button class="btn" type="submit">
              {words.add}
            </button>
          </form>
        </section>
      </>
    ),
  });
}

export type Done =
  | { readonly what: "paid"; readonly until: PlainDate }
  | { readonly what: "call"; readonly on: PlainDate; readonly from: number; readonly to: number }
  | { readonly what: "wrong"; readonly by: PlainDate };

/** Said once the act is in the books: what happens until when. */
export function donePage(frame: Frame, today: PlainDate, done: Done): string {
  const { words, language, base } = frame;
  const day = (date: PlainDate): string => withWeekday(date, today, language);
  const short = (date: PlainDate): string => prose(date, today, language);
  const [title, lead, facts] =
    done.what === "paid"
      ? ([
          words.paid.doneH1,
          words.paid.doneLead(day(done.until)),
          [
            [words.paid.doneFacts[0], short(done.until)],
            [words.paid.doneFacts[1], words.paid.doneThen],
          ],
        ] as const)
      : done.what === "call"
        ? ([
            words.ask.doneH1,
            words.ask.doneLead(day(done.on), done.from, done.to),
            [
              [words.ask.doneFacts[0], short(done.on)],
              [words.ask.doneFacts[1], words.ask.from(done.from, done.to)],
            ],
          ] as const)
        : ([
            words.wrong.doneH1,
            words.wrong.doneLead(day(done.by)),
            [
              [words.wrong.doneFacts[0], short(done.by)],
              [words.wrong.doneFacts[1], words.wrong.doneRests],
            ],
          ] as const);
  return page({
    frame,
    title,
    narrow: true,
    children: (
      <>
        <Ring />
        <h1 class="head">{title}</h1>
        <p class="lead">{lead}</p>
        <Facts facts={facts} />
        <div class="stack">
          <a class="btn" href={base}>
            {words.toStart}
          </a>
          <CallButton frame={frame} quiet />
        </div>
      </>
    ),
  });
}

const Facts: FC<{ facts: readonly (readonly [string, string])[] }> = ({ facts }) => (
  <dl class="card facts">
    {facts.map(([name, value]) => (
      <div>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
