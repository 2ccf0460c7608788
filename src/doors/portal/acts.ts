/**
 * What a customer can do in the portal, as functions of an act: each locks the customer, writes holds and tasks, queues
 * the answer and appends to the audit. Doing a thing twice on one day does it once.
 */
import { type Act, appendAudits } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import { touch } from "../../platform/jobs/index.ts";
import {
  addDays,
  type BrandId,
  type CaseId,
  type CustomerId,
  dateIn,
  deterministicUuid,
  type Failure,
  fail,
  type MessageId,
  ok,
  type PlainDate,
  type ReceivableId,
  type Result,
} from "../../pure/kernel/index.ts";
import { germanState, isWorkingDay, type State } from "../../pure/law/index.ts";
import {
  addContactPoint,
  brandOf,
  contactPointsOf,
  creditor,
  customerFacts,
  type CustomerFacts,
  lockCustomer,
  reachability,
  readPhone,
  setConsent,
} from "../../books/customers/index.ts";
import {
  type Case,
  casesOf,
  createTask,
  type Hold,
  holdIsActive,
  type HoldGround,
  holdsOf,
  placeHold,
  receivablesOf,
  tasks,
} from "../../books/receivables/index.ts";
import { contactMoment, queueMessages } from "../../outreach/messaging/index.ts";
import { type DisputeReason, WORDS } from "./words/index.ts";

/** Whose case; the brand that answers (without it the one of the case's newest item). */
export interface PortalCase {
  readonly customerId: CustomerId;
  readonly caseId: CaseId;
  readonly brandId?: BrandId;
}

/** Days a claimed payment is waited for, unless the creditor set `claimedPaidHoldDays`. */
const CLAIMED_PAID_DAYS = 10;
const ANSWER_WORKING_DAYS = 5;
const CALL_DAYS = 5;
export const WORDS_LONGEST = 2000;
/** Hours of the customer's clock between which we call. */
export const CALL_WINDOWS: readonly (readonly [from: number, to: number])[] = [
  [9, 12],
  [12, 15],
  [15, 17],
];

interface Setting {
  readonly customer: CustomerFacts;
  readonly kase: Case;
  readonly today: PlainDate;
  readonly state: State | null;
  readonly holds: readonly Hold[];
}

async function setting(act: Act, of: PortalCase): Promise<Result<Setting, Failure<"case_not_open">>> {
  await lockCustomer(act, of.customerId);
  const customer = (await customerFacts(act, [of.customerId])).get(of.customerId);
  const kase = (await casesOf(act, [of.customerId])).find((one) => one.caseId === of.caseId);
  if (!customer || kase?.state !== "open")
    return fail("conflict", "case_not_open", "This case is not open any more.", of.caseId);
  const today = dateIn(act.tx.now, customer.zone);
  const holds = ((await holdsOf(act, [of.customerId])).get(of.customerId) ?? []).filter(
    (hold) => hold.caseId === of.caseId && holdIsActive(hold, today),
  );
  return ok({ customer, kase, today, state: stateOf(customer), holds });
}

export function stateOf(customer: Pick<CustomerFacts, "state">): State | null {
  const read = customer.state === undefined ? null : germanState(customer.state);
  return read?.ok ? read.value : null;
}

/** The nth working day after a day (§ 193 BGB names which are not). */
export function workingDaysAfter(day: PlainDate, count: number, state: State | null): PlainDate {
  let at = day;
  for (let left = count; left > 0; ) {
    at = addDays(at, 1);
    if (isWorkingDay(at, state)) left -= 1;
  }
  return at;
}

/** Days offered for a call: the next working days. */
export const callDays = (today: PlainDate, state: State | null): PlainDate[] =>
  Array.from({ length: CALL_DAYS }, (_, index) => workingDaysAfter(today, index + 1, state));

/** The day by which a person answers a dispute raised today. */
export const answerBy = (today: PlainDate, state: State | null): PlainDate =>
  workingDaysAfter(today, ANSWER_WORKING_DAYS, state);

/** The last day of the hold that "I have paid" places today. */
export function claimedPaidUntil(settings: Readonly<Record<string, unknown>>, today: PlainDate): PlainDate {
  const days = settings["claimedPaidHoldDays"];
  const valid = typeof days === "number" && Number.isSafeInteger(days) && days >= 1 && days <= 60;
  return addDays(today, valid ? days : CLAIMED_PAID_DAYS);
}

/**
 * "I have paid": a hold of the creditor's length on the case. While one runs, saying it again changes nothing.
 * Failures: `case_not_open`, `paid_on_future`, `paid_on_unlikely` (more than a year ago), `words_too_long`.
 */
export async function claimPaid(
  act: Act,
  of: PortalCase & { readonly paidOn: PlainDate; readonly note?: string },
): Promise<Result<{ readonly until: PlainDate }, Failure>> {
  const known = await setting(act, of);
  if (!known.ok) return known;
  const { kase, today, holds } = known.value;
  if (of.paidOn > today) return fail("invalid", "paid_on_future", "The day lies ahead.", "paidOn");
  if (of.paidOn < addDays(today, -366))
    return fail("invalid", "paid_on_unlikely", "The day is too long ago.", "paidOn");
  const words = checkedWords(of.note);
  if (!words.ok) return words;
  const running = holds.find((hold) => hold.ground === "claimed_paid" && hold.endsOn !== undefined);
  if (running?.endsOn !== undefined) return ok({ until: running.endsOn });
  const until = claimedPaidUntil((await creditor(act, kase.creditorId)).settings, today);
  const comment = words.value === "" ? of.paidOn : `${of.paidOn}: ${words.value}`;
  const placed = await hold(act, of, "claimed_paid", today, until, comment);
  if (!placed.ok) return placed;
  await answer(act, of, known.value, "paid_claim_received");
  await touch(act.tx, of.customerId);
  await appendAudits(act, [{ act: "portal.paid_claimed", subject: of.caseId, details: { paidOn: of.paidOn, until } }]);
  return ok({ until });
}

/**
 * "Please call me": a task on that day, and nothing else is sent until then. `on` is one of `callDays`, `from` and `to`
 * one of `CALL_WINDOWS`. Failures: `case_not_open`, `call_day_unknown`, `call_time_unknown`, `phone_invalid`, `words_too_long`.
 */
export async function askForCall(
  act: Act,
  of: PortalCase & {
    readonly on: PlainDate;
    readonly from: number;
    readonly to: number;
    readonly phone: string;
    readonly about?: string;
  },
): Promise<Result<{ readonly on: PlainDate }, Failure>> {
  const known = await setting(act, of);
  if (!known.ok) return known;
  const { customer, today, state, holds } = known.value;
  if (!callDays(today, state).includes(of.on))
    return fail("invalid", "call_day_unknown", "We can't call on this day.", "on");
  if (!CALL_WINDOWS.some(([from, to]) => from === of.from && to === of.to))
    return fail("invalid", "call_time_unknown", "We can't call at this time.", "from");
  const phone = of.phone.length > 40 ? undefined : readPhone(of.phone, customer.country);
  if (phone === undefined) return fail("invalid", "phone_invalid", "This is not a phone number.", "phone");
  const words = checkedWords(of.about);
  if (!words.ok) return words;
  const facts = { on: of.on, from: clock(of.from), to: clock(of.to), phoneMasked: masked(phone) };
  const text = words.value === "" ? phone : `${phone}\n${words.value}`;
  const same = await sameTask(act, of, "callback", facts, text);
  if (same) return ok({ on: of.on });
  await createTask(act, {
    ...caseOnly(of),
    kind: "callback",
    text,
    facts: { ...facts, ...(await mark(act, text)) },
    dueOn: of.on,
  });
  if (!holds.some((one) => one.ground === "callback" && one.endsOn !== undefined && one.endsOn >= of.on)) {
    const placed = await hold(act, of, "callback", today, of.on);
    if (!placed.ok) return placed;
  }
  await answer(act, of, known.value, "callback_confirmed", of.on, String(of.from));
  await touch(act.tx, of.customerId);
  await appendAudits(act, [{ act: "portal.callback_asked", subject: of.caseId, details: { on: of.on } }]);
  return ok({ on: of.on });
}

/**
 * "Something is wrong": everything rests until a person has answered; the hold has no end and stands on the review list.
 * Failures: `case_not_open`, `items_missing`, `items_unknown`, `words_missing` (for `other`), `words_too_long`.
 */
export async function raiseDispute(
  act: Act,
  of: PortalCase & {
    readonly receivableIds: readonly ReceivableId[];
    readonly reason: DisputeReason;
    readonly words?: string;
  },
): Promise<Result<{ readonly answerBy: PlainDate }, Failure>> {
  const known = await setting(act, of);
  if (!known.ok) return known;
  const { kase, today, state, holds } = known.value;
  if (of.receivableIds.length === 0) return fail("invalid", "items_missing", "No item was named.", "items");
  const own = new Set(
    (await receivablesOf(act, of.customerId))
      .filter((one) => one.creditorId === kase.creditorId)
      .map((one) => one.receivableId),
  );
  if (of.receivableIds.some((id) => !own.has(id)))
    return fail("not_found", "items_unknown", "There is no such item.", "items");
  const words = checkedWords(of.words);
  if (!words.ok) return words;
  if (of.reason === "other" && words.value === "")
    return fail("invalid", "words_missing", "Something else needs a sentence.", "words");
  const by = answerBy(today, state);
  // The answer quotes what we understood, so a chosen reason is written out.
  const chosen = of.reason === "other" ? "" : WORDS[known.value.customer.language].wrong.reasons[of.reason];
  const text = [chosen, words.value].filter((part) => part !== "").join(": ");
  const items = [...of.receivableIds].sort();
  const facts = { reason: of.reason, items };
  if (await sameTask(act, of, "dispute", facts, text)) return ok({ answerBy: by });
  const [only, ...more] = items;
  await createTask(act, {
    ...caseOnly(of),
    ...(only !== undefined && more.length === 0 && { receivableId: only }),
    kind: "dispute",
    text,
    facts: { ...facts, ...(await mark(act, text)) },
    dueOn: by,
  });
  if (!holds.some((one) => one.ground === "dispute" && one.endsOn === undefined)) {
    const placed = await hold(act, of, "dispute", today);
    if (!placed.ok) return placed;
  }
  await answer(act, of, known.value, "dispute_received");
  await touch(act.tx, of.customerId);
  await appendAudits(act, [
    { act: "portal.dispute_raised", subject: of.caseId, details: { reason: of.reason, items: items.length } },
  ]);
  return ok({ answerBy: by });
}

/** "No more e-mails": consent of every own e-mail address is withdrawn; letters stay. Returns how many addresses it were. */
export async function withdrawEmail(
  act: Act,
  of: PortalCase,
): Promise<Result<{ readonly addresses: number }, Failure>> {
  await lockCustomer(act, of.customerId);
  let addresses = 0;
  for (const point of await contactPointsOf(act, of.customerId)) {
    if (point.channel !== "email" || point.partyId !== undefined || point.consent === "withdrawn") continue;
    const done = await setConsent(act, of.customerId, point.contactPointId, "withdrawn", "portal");
    if (!done.ok) return done;
    addresses += 1;
  }
  if (addresses === 0) return ok({ addresses });
  await touch(act.tx, of.customerId);
  await appendAudits(act, [{ act: "portal.email_withdrawn", subject: of.customerId, details: { addresses } }]);
  return ok({ addresses });
}

/**
 * "Write to this address": an unverified contact point with the customer's consent; one that is known and was closed by
 * the customer opens again. Failures: `email_invalid`.
 */
export async function giveEmail(
  act: Act,
  of: PortalCase & { readonly email: string },
): Promise<Result<{ readonly known: boolean }, Failure>> {
  const email = of.email.trim();
  if (
    email.length > 254 ||
    !/^[^\s\p{Cc}@<>"(),;:\\[\]]+@[^\s\p{Cc}@<>"(),;:\\[\]]+\.[^\s@.<>"(),;:\\[\]]{2,}$/u.test(email)
  )
    return fail("invalid", "email_invalid", "This is not an e-mail address.", "email");
  await lockCustomer(act, of.customerId);
  const same = (await contactPointsOf(act, of.customerId)).find(
    (point) =>
      point.channel === "email" && point.partyId === undefined && point.value.toLowerCase() === email.toLowerCase(),
  );
  if (same && same.consent !== "withdrawn") return ok({ known: true });
  const done = same
    ? await setConsent(act, of.customerId, same.contactPointId, "given", "portal")
    : await addContactPoint(act, of.customerId, {
        channel: "email",
        value: email,
        consent: "given",
        consentSource: "portal",
      });
  if (!done.ok) return done;
  await appendAudits(act, [{ act: "portal.email_given", subject: of.customerId }]);
  return ok({ known: same !== undefined });
}

const clock = (hour: number): string => `${String(hour).padStart(2, "0")}:00`;
/** `+4917 ••• 67`: enough to know which telephone is meant. */
const masked = (phone: string): string => `${phone.slice(0, 5)} ••• ${phone.slice(-2)}`;

const caseOnly = ({ customerId, caseId }: PortalCase): PortalCase => ({ customerId, caseId });

function checkedWords(text: string | undefined): Result<string, Failure<"words_too_long">> {
  // Control characters can't be shown again; line ends and tabs stay.
  const words = (text ?? "")
    .replace(/\r\n?/g, "\n")
    .replace(/[^\P{Cc}\n\t]/gu, "")
    .trim();
  return words.length > WORDS_LONGEST
    ? fail("invalid", "words_too_long", `At most ${WORDS_LONGEST} characters fit.`, "words")
    : ok(words);
}

async function hold(
  act: Act,
  { customerId, caseId }: PortalCase,
  ground: HoldGround,
  startsOn: PlainDate,
  endsOn?: PlainDate,
  comment?: string,
): Promise<Result<unknown, Failure>> {
  return placeHold(act, {
    customerId,
    caseId,
    ground,
    startsOn,
    ...(endsOn !== undefined && { endsOn }),
    ...(comment !== undefined && { comment }),
  });
}

/** A keyed hash of the words, so that the same words sent twice are recognised without being readable. */
async function mark(act: Act, text: string): Promise<{ readonly mark: string }> {
  const seal = await act.vault.forTenant(act.tx);
  return { mark: seal.lookupToken("portal_words", text).toString("hex") };
}

/** The same wish is still open: a double click, a page sent again. */
async function sameTask(
  act: Act,
  { customerId, caseId }: PortalCase,
  kind: "callback" | "dispute",
  facts: Readonly<Record<string, unknown>>,
  text: string,
): Promise<boolean> {
  const wanted = JSON.stringify({ ...facts, ...(await mark(act, text)) });
  return (await tasks(act, { customerId, kind })).some(
    (task) => task.caseId === caseId && JSON.stringify(pick(task.facts, [...Object.keys(facts), "mark"])) === wanted,
  );
}

const pick = (facts: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(keys.map((key) => [key, facts[key]]));

/** Texts that exist as a letter too; the others are answered by e-mail or by the page alone. */
const LETTERS = new Set(["dispute_received"]);

/** Queues the kind answer, once a day and case (and what else names it). */
async function answer(
  act: Act,
  of: PortalCase,
  { customer, kase, today }: Setting,
  templateKey: string,
  ...more: readonly string[]
): Promise<void> {
  const { points } = await reachability(act, of.customerId, today);
  const channel = points.some((point) => point.channel === "email") ? "email" : "letter";
  if (channel === "letter" && !LETTERS.has(templateKey)) return;
  const own = await act.tx.one<{ brand_id: BrandId }>(sql`
    select brand_id from receivable where customer_id = ${of.customerId} and case_id = ${of.caseId}
     order by issued_on desc, receivable_id limit 1`);
  await queueMessages(act, [
    {
      messageId: deterministicUuid("portal answer", of.caseId, templateKey, today, ...more) as MessageId,
      customerId: of.customerId,
      creditorId: kase.creditorId,
      brandId: of.brandId ?? own?.brand_id ?? (await brandOf(act, kase.creditorId)),
      caseId: of.caseId,
      kind: "answer",
      templateKey,
      round: kase.round,
      channel,
      tone: "friendly",
      receivableIds: [],
      itemStages: {},
      effect: "none",
      needsApproval: false,
      leaveAfter: contactMoment(act.tx.now, channel, customer),
    },
  ]);
}
