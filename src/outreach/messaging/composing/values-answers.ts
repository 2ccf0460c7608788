import type { Act } from "../../../platform/access/index.ts";
import { dateIn, type PlainDate } from "../../../pure/kernel/index.ts";
import type { CustomerFacts } from "../../../books/customers/index.ts";
import { holdIsActive, holdsOf, type Task, tasks } from "../../../books/receivables/index.ts";
import type { PublishedBrand } from "../brands.ts";
import type { Message } from "../model.ts";
import type { Language, MessageValues } from "../templates/index.ts";

const REASON_LONGEST = 160;

/** What answers refer to: the pause that holds now, and the customer's latest wish in this case. */
export async function answerValues(
  act: Act,
  message: Message,
  customer: CustomerFacts,
  brand: PublishedBrand,
  day: PlainDate,
): Promise<Partial<MessageValues>> {
  const holds = ((await holdsOf(act, [customer.customerId])).get(customer.customerId) ?? []).filter(
    (hold) => hold.caseId === undefined || hold.caseId === message.caseId,
  );
  const pausedUntil = holds
    .filter((hold) => holdIsActive(hold, day))
    .map((hold) => hold.endsOn)
    .filter((end) => end !== undefined)
    .sort()
    .at(-1);
  // What a person said, not the pause that our own question places.
  const claim = holds.filter((hold) => hold.ground === "claimed_paid" && !hold.author.startsWith("system:")).at(-1);
  // Closed ones too: an answer that waited for the morning may find that a colleague was quicker.
  const wishes = (await tasks(act, { customerId: customer.customerId, state: "any" })).filter(
    (task) => task.caseId === message.caseId,
  );
  const latest = (kind: Task["kind"]): Task | undefined =>
    wishes
      .filter((task) => task.kind === kind)
      .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
      .at(-1);
  const call = latest("callback");
  const dispute = latest("dispute");
  const due = dispute?.dueOn ?? call?.dueOn;
  return {
    ...(claim && { claim: { on: claim.startsOn } }),
    ...(pausedUntil !== undefined && { hold: { until: pausedUntil } }),
    ...(call && { callback: callValues(call, message.language) }),
    ...(dispute && {
      dispute: {
        on: dateIn(dispute.createdAt, customer.zone),
        reason: quoted(dispute.text ?? "", message.language),
        partly: false,
        neverOrdered: dispute.facts["reason"] === "not_ordered",
      },
    }),
    ...(due !== undefined && {
      answer: {
        by: due,
        channel: message.channel === "email" ? "E-Mail" : message.language === "de" ? "Brief" : "letter",
      },
    }),
    brand: { callerIdStart: brand.contact.phone.split("-")[0] ?? brand.contact.phone },
  };
}

function callValues(call: Task, language: Language): MessageValues["callback"] {
  const text = (name: string): string | undefined => {
    const value = call.facts[name];
    return typeof value === "string" ? value : undefined;
  };
  return {
    on: (text("on") as PlainDate | undefined) ?? call.dueOn,
    factor: language === "de" ? "Ihrer Postleitzahl" : "your postcode",
    ...(text("from") !== undefined && { from: text("from") }),
    ...(text("to") !== undefined && { to: text("to") }),
    ...(text("phoneMasked") !== undefined && { phoneMasked: text("phoneMasked") }),
  };
}

/** The customer's own words in quotation marks, shortened at a word. */
function quoted(words: string, language: Language): string {
  // The sentence around it ends with its own full stop.
  const plain = words.replace(/\s+/g, " ").trim().replace(/\.$/, "");
  const short = plain.length <= REASON_LONGEST ? plain : `${plain.slice(0, REASON_LONGEST).replace(/\s\S*$/, "")} …`;
  return language === "de" ? `„${short}“` : `"${short}"`;
}
