/** A sent form becomes an act; a failure becomes a sentence at its field. And what was done, for the page after it. */
import type { Context } from "hono";
import type { HttpEnv } from "../../platform/http/index.ts";
import type { Failure, PlainDate, ReceivableId, Result } from "../../pure/kernel/index.ts";
import { localDate } from "../../pure/formats/index.ts";
import { tasks } from "../../books/receivables/index.ts";
import type { PortalAct } from "../../outreach/messaging/index.ts";
import { askForCall, claimPaid, giveEmail, type PortalCase, raiseDispute, withdrawEmail } from "./acts.ts";
import type { Done } from "./pages/forms.tsx";
import type { FieldError } from "./pages/layout.tsx";
import type { OpenVisit } from "./visit.ts";
import { DISPUTE_REASONS, type DisputeReason, type Words } from "./words/index.ts";

const BODY_LONGEST = 65_536;
export type FormName = "paid" | "call" | "wrong" | "contact";
export const FORM_NAMES: readonly FormName[] = ["paid", "call", "wrong", "contact"];

/** The fields of a sent form; undefined when it is no form or too long. */
export async function entriesOf(context: Context<HttpEnv>): Promise<URLSearchParams | undefined> {
  if (!/^application\/x-www-form-urlencoded\b/i.test(context.req.header("content-type") ?? "")) return undefined;
  const body = await context.req.text();
  return body.length > BODY_LONGEST ? undefined : new URLSearchParams(body);
}

type Sent =
  | { readonly errors: readonly FieldError[] }
  | { readonly errors?: undefined; readonly next: string; readonly visit: PortalAct };
type Sender = (at: OpenVisit, entries: URLSearchParams) => Promise<Sent>;

const caseOf = ({ link, brand }: OpenVisit): PortalCase => ({
  customerId: link.customerId,
  caseId: link.caseId,
  brandId: brand.brandId,
});

/** Puts a failure of an act to its field; one that no field can cause is a bug. */
function sentOr(result: Result<unknown, Failure>, words: Readonly<Record<string, FieldError>>, sent: Sent): Sent {
  if (result.ok) return sent;
  const error = words[result.error.code];
  if (!error) throw new Error(`the act failed: ${result.error.code}`);
  return { errors: [error] };
}

const tooLong = (words: Words, field: string): FieldError => ({ field, message: words.wrong.wordsLong });

export const SENDERS: Readonly<Record<FormName, Sender>> = {
  async paid(at, entries) {
    const words = at.frame.words;
    const paidOn = localDate(entries.get("paidOn") ?? "", "day_first");
    if (!paidOn.ok) return { errors: [{ field: "paidOn", message: words.paid.onMissing }] };
    const claimed = await claimPaid(at.act, { ...caseOf(at), paidOn: paidOn.value, note: entries.get("note") ?? "" });
    return sentOr(
      claimed,
      {
        paid_on_future: { field: "paidOn", message: words.paid.onFuture },
        paid_on_unlikely: { field: "paidOn", message: words.paid.onOld },
        words_too_long: tooLong(words, "note"),
      },
      { next: "done/paid", visit: "paid_claimed" },
    );
  },
  async call(at, entries) {
    const words = at.frame.words.ask;
    const [from = Number.NaN, to = Number.NaN] = (entries.get("time") ?? "").split("-").map(Number);
    const errors: FieldError[] = [];
    if (!entries.get("on")) errors.push({ field: "on", message: words.dayMissing });
    if (!entries.get("time")) errors.push({ field: "time", message: words.timeMissing });
    if (!/\d{4}/.test((entries.get("phone") ?? "").replace(/\D/g, "")))
      errors.push({ field: "phone", message: words.phoneWrong });
    if (errors.length > 0) return { errors };
    const asked = await askForCall(at.act, {
      ...caseOf(at),
      on: (entries.get("on") ?? "") as PlainDate,
      from,
      to,
      phone: entries.get("phone") ?? "",
      about: entries.get("about") ?? "",
    });
    return sentOr(
      asked,
      {
        call_day_unknown: { field: "on", message: words.dayMissing },
        call_time_unknown: { field: "time", message: words.timeMissing },
        phone_invalid: { field: "phone", message: words.phoneWrong },
        words_too_long: tooLong(at.frame.words, "about"),
      },
      { next: "done/call", visit: "callback" },
    );
  },
  async wrong(at, entries) {
    const words = at.frame.words.wrong;
    const own = new Map<string, ReceivableId>(
      at.account.items.map(({ item }) => [item.receivableId, item.receivableId]),
    );
    const items = [...new Set(entries.getAll("items"))].flatMap((id) => own.get(id) ?? []);
    const reason: DisputeReason | undefined = DISPUTE_REASONS.find((one) => one === entries.get("reason"));
    const errors: FieldError[] = [];
    if (items.length === 0) errors.push({ field: "items", message: words.itemsMissing });
    if (reason === undefined) errors.push({ field: "reason", message: words.reasonMissing });
    if (reason === undefined || errors.length > 0) return { errors };
    const raised = await raiseDispute(at.act, {
      ...caseOf(at),
      receivableIds: items,
      reason,
      words: entries.get("words") ?? "",
    });
    return sentOr(
      raised,
      {
        words_missing: { field: "words", message: words.wordsMissing },
        words_too_long: tooLong(at.frame.words, "words"),
      },
      { next: "done/wrong", visit: "dispute" },
    );
  },
  async contact(at, entries) {
    if (entries.get("wish") === "stop")
      return sentOr(
        await withdrawEmail(at.act, caseOf(at)),
        {},
        { next: "contact?said=stopped", visit: "preferences" },
      );
    const given = await giveEmail(at.act, { ...caseOf(at), email: entries.get("email") ?? "" });
    const wrong = { field: "email", message: at.frame.words.contact.otherWrong };
    return sentOr(given, { email_invalid: wrong }, { next: "contact?said=added", visit: "preferences" });
  },
};

/** What was done last of this kind, read from the books: a page that is loaded again says the same. */
export async function doneOf({ act, link, account }: OpenVisit, what: string): Promise<Done | undefined> {
  if (what === "paid") {
    const hold = account.holds.findLast((one) => one.ground === "claimed_paid" && one.endsOn !== undefined);
    return hold?.endsOn === undefined ? undefined : { what, until: hold.endsOn };
  }
  if (what !== "call" && what !== "wrong") return undefined;
  const kind = what === "call" ? "callback" : "dispute";
  const latest = (await tasks(act, { customerId: link.customerId, kind }))
    .filter((task) => task.caseId === link.caseId)
    .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
    .at(-1);
  if (!latest) return undefined;
  if (what === "wrong") return { what, by: latest.dueOn };
  const hour = (value: unknown): number => Number(String(value).slice(0, 2));
  return { what, on: latest.dueOn, from: hour(latest.facts["from"]), to: hour(latest.facts["to"]) };
}
