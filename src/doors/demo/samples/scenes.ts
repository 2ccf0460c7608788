/** What customers and colleagues do in the six weeks, chosen so that every kind of answer meets a fitting customer. */
import { addDays, type PlainDate } from "../../../pure/kernel/index.ts";
import type { DemoAct } from "../plan.ts";
import type { CreditorKey } from "../setting.ts";
import { isOld, type SampleItem, soloists, STATEMENT_DAYS } from "./items.ts";
import type { SampleStatement } from "./statements.ts";

const KEYS: readonly CreditorKey[] = ["garden", "utility"];
const day = (text: string): PlainDate => text as PlainDate;

function scenesOf(creditor: CreditorKey, items: readonly SampleItem[]): DemoAct[] {
  const solo = soloists(items, creditor);
  // Overdue long enough on the first day to be written to in the first week.
  const silent = solo.filter((item) => item.behaviour === "never" && isOld(item));
  const paying = solo.filter(
    (item) => item.paidOn !== undefined && item.behaviour !== "debit_returned" && item.dueDate <= day("2026-10-20"),
  );
  const who = (index: number): { creditor: CreditorKey; customer: string } | undefined => {
    const item = silent[index];
    return item && { creditor, customer: item.customer.number };
  };
  const acts: (DemoAct | undefined)[] = [];
  const add = (act: DemoAct | undefined): void => void acts.push(act);
  const scene = <T extends object>(
    index: number,
    act: T,
  ): (T & { creditor: CreditorKey; customer: string }) | undefined => {
    const found = who(index);
    return found && { ...act, ...found };
  };
  add(scene(0, { on: day("2026-10-12"), at: "18:00", act: "i_have_paid", true: false }));
  add(scene(1, { on: day("2026-10-20"), at: "12:00", act: "i_have_paid", true: false }));
  add(scene(2, { on: day("2026-10-09"), at: "18:00", act: "call_me", window: "Mo–Fr 17–19 Uhr" }));
  add(scene(3, { on: day("2026-10-22"), at: "12:00", act: "call_me", window: "vormittags" }));
  add(
    scene(4, {
      on: day("2026-10-13"),
      at: "18:00",
      act: "something_is_wrong",
      text:
        creditor === "garden"
          ? "Zwei der fünf Pflanzen kamen vertrocknet an. Ich habe Fotos geschickt und keine Antwort bekommen."
          : "Der Zählerstand auf der Rechnung ist nicht meiner, ich bin erst im September eingezogen.",
    }),
  );
  add(
    scene(5, {
      on: day("2026-10-29"),
      at: "18:00",
      act: "something_is_wrong",
      text: "Ich habe das nie bestellt, bitte prüfen Sie den Namen.",
    }),
  );
  add(
    scene(6, {
      on: day("2026-10-14"),
      at: "12:00",
      act: "place_hold",
      until: day("2026-11-06"),
      comment: "Rückfrage in der Filiale läuft, Klärung bis Anfang November.",
    }),
  );
  add(scene(6, { on: day("2026-10-30"), at: "12:00", act: "lift_hold" }));
  for (const index of [0, 4, 7, 8, 9])
    add(scene(index, { on: addDays(day("2026-10-07"), index), at: "12:00", act: "open_pay_page" }));
  // Says so after the transfer and before the statement that shows it.
  for (const item of paying.slice(0, 12)) {
    const arrives = STATEMENT_DAYS.find((date) => date > (item.paidOn as PlainDate)) as PlainDate;
    add({ on: item.paidOn as PlainDate, at: "09:00", creditor, customer: item.customer.number, act: "open_pay_page" });
    const said = addDays(item.paidOn as PlainDate, 1);
    if (said < arrives && acts.filter((act) => act?.act === "i_have_paid" && act.true).length < 4)
      add({ on: said, at: "18:00", creditor, customer: item.customer.number, act: "i_have_paid", true: true });
  } // prettier-ignore
  return acts.filter((act) => act !== undefined);
}

/** On the day after a statement a colleague goes through what was only proposed, and knows the answer. */
function confirmations(creditor: CreditorKey, file: string, statement: SampleStatement): DemoAct[] {
  return statement.entries.flatMap((entry, index): DemoAct[] =>
    entry.kind !== "transfer" || entry.truth.length === 0
      ? []
      : [
          {
            on: addDays(statement.arrivesOn, 1),
            at: "12:00",
            creditor,
            act: "confirm_proposal",
            file,
            entry: index + 1,
            numbers: [...entry.truth],
          },
        ],
  ); // prettier-ignore
}

export function makeScenes(
  items: readonly SampleItem[],
  statements: Readonly<Record<CreditorKey, readonly { readonly file: string; readonly statement: SampleStatement }[]>>,
): DemoAct[] {
  const acts = KEYS.flatMap((creditor) => [
    ...scenesOf(creditor, items),
    ...statements[creditor].flatMap(({ file, statement }) => confirmations(creditor, file, statement)),
  ]);
  return acts
    .map((act, index) => ({ act, index, when: `${act.on} ${act.at}` }))
    .sort((a, b) => (a.when < b.when ? -1 : a.when > b.when ? 1 : a.index - b.index))
    .map(({ act }) => act);
}
