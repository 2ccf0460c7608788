/** What customers and colleagues do in the six weeks, chosen so that every kind of answer meets a fitting customer. */
import { addDays, type PlainDate } from "../../../pure/kernel/index.ts";
import type { ActTime, DemoAct } from "../plan.ts";
import type { CreditorKey } from "../setting.ts";
import { isCrossing, isOld, type SampleItem, soloists, STATEMENT_DAYS } from "./items.ts";
import type { SampleStatement } from "./statements.ts";

const KEYS: readonly CreditorKey[] = ["garden", "utility"];
const day = (text: string): PlainDate => text as PlainDate;

function scenesOf(creditor: CreditorKey, items: readonly SampleItem[]): DemoAct[] {
  const solo = soloists(items, creditor);
  // Overdue long enough on the first day to be written to in the first week.
  const silent = solo.filter((item) => item.behaviour === "never" && isOld(item));
  const paying = solo.filter(
    (item) =>
      item.paidOn !== undefined &&
      !isCrossing(item) &&
      item.behaviour !== "debit_returned" &&
      item.dueDate <= day("2026-10-20"),
  );
  const acts: DemoAct[] = [];
  const visitor = ({ customer }: SampleItem) => ({ creditor, customer: customer.number, postcode: customer.postcode });
  const scene = (index: number, make: (item: SampleItem) => DemoAct): void => {
    const item = silent[index];
    if (item) acts.push(make(item));
  };
  const saysPaid =
    (on: string, at: ActTime) =>
    (item: SampleItem): DemoAct => ({ on: day(on), at, ...visitor(item), act: "i_have_paid", true: false }); // prettier-ignore
  const wantsCall =
    (on: string, at: ActTime, from: number, to: number) =>
    (item: SampleItem): DemoAct => ({
      on: day(on),
      at,
      ...visitor(item),
      act: "call_me",
      from,
      to,
      phone: item.customer.phone ?? "030 23125 377",
    }); // prettier-ignore
  scene(0, saysPaid("2026-10-12", "18:00"));
  scene(1, saysPaid("2026-10-20", "12:00"));
  scene(2, wantsCall("2026-10-09", "18:00", 15, 17));
  scene(3, wantsCall("2026-10-22", "12:00", 9, 12));
  scene(4, (item) => ({
    ...{ on: day("2026-10-13"), at: "18:00", ...visitor(item), act: "something_is_wrong" },
    ...(creditor === "garden"
      ? { reason: "damaged", words: "Zwei der fünf Pflanzen kamen vertrocknet an. Auf meine Fotos kam keine Antwort." }
      : { reason: "wrong_amount", words: "Der Zählerstand ist nicht meiner, ich bin erst im September eingezogen." }),
  }));
  scene(5, (item) => ({
    ...{ on: day("2026-10-14"), at: "18:00", ...visitor(item), act: "something_is_wrong", reason: "not_ordered" },
    words: "Ich habe das nie bestellt, bitte prüfen Sie den Namen.",
  }));
  scene(6, ({ customer }) => ({
    ...{ on: day("2026-10-14"), at: "12:00", creditor, customer: customer.number, act: "place_hold" },
    until: day("2026-11-06"),
    comment: "Rückfrage in der Filiale läuft, Klärung bis Anfang November.",
  }));
  scene(6, ({ customer }) => ({
    on: day("2026-10-30"),
    at: "12:00",
    creditor,
    customer: customer.number,
    act: "lift_hold",
  }));
  for (const index of [0, 4, 7, 8, 9])
    scene(index, (item) => ({
      on: addDays(day("2026-10-07"), index),
      at: "12:00",
      ...visitor(item),
      act: "open_pay_page",
    }));
  // Says so after the transfer and before the statement that shows it.
  let truthful = 0;
  for (const item of paying.slice(0, 12)) {
    const paidOn = item.paidOn as PlainDate;
    acts.push({ on: paidOn, at: "09:00", ...visitor(item), act: "open_pay_page" });
    const said = addDays(paidOn, 1);
    if (said >= (STATEMENT_DAYS.find((date) => date > paidOn) as PlainDate) || truthful === 4) continue;
    truthful += 1;
    acts.push({ on: said, at: "18:00", ...visitor(item), act: "i_have_paid", true: true });
  }
  return acts;
}

/** On the day after a statement a colleague goes through what was only proposed, and knows the answers. */
function review(creditor: CreditorKey, file: string, statement: SampleStatement): DemoAct {
  const truth = statement.entries.flatMap((entry, index) =>
    entry.kind === "transfer" && entry.truth.length > 0 ? [{ entry: index + 1, numbers: [...entry.truth] }] : [],
  );
  return { on: addDays(statement.arrivesOn, 1), at: "12:00", creditor, act: "review_statement", file, truth };
}

export function makeScenes(
  items: readonly SampleItem[],
  statements: Readonly<Record<CreditorKey, readonly { readonly file: string; readonly statement: SampleStatement }[]>>,
): DemoAct[] {
  const acts = KEYS.flatMap((creditor) => [
    ...scenesOf(creditor, items),
    // What the last statement leaves open is there for whoever looks at the demo.
    ...statements[creditor].slice(0, -1).map(({ file, statement }) => review(creditor, file, statement)),
  ]);
  return acts
    .map((act, index) => ({ act, index, when: `${act.on} ${act.at}` }))
    .sort((a, b) => (a.when < b.when ? -1 : a.when > b.when ? 1 : a.index - b.index))
    .map(({ act }) => act);
}
