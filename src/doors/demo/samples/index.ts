/**
 * The sample files below `samples/`, made anew from one seed: the same bytes every time. `test/doors/samples.test.ts`
 * holds the committed files against this, and writes them when `KULANZ_WRITE_SAMPLES=1` is set.
 */
import { addDays, maxDate, type PlainDate, seededRandom } from "../../../pure/kernel/index.ts";
import type { DemoPlan } from "../plan.ts";
import { type CreditorKey, DEMO_CREDITORS } from "../setting.ts";
import { guestItems, makeGuests } from "./guests.ts";
import { ciiInvoice, ublCreditNote, ublInvoice } from "./invoices.ts";
import { FIRST_DAY, LAST_DAY, makeItems, type SampleItem, TABLE_DAYS } from "./items.ts";
import { mt940Statement } from "./mt940.ts";
import { makeOrderEvents, ORDER_DAYS, orderTable } from "./orders.ts";
import { makeCustomers, type SampleCustomer } from "./people.ts";
import { makeScenes } from "./scenes.ts";
import { camtStatement, cutStatements, type SampleStatement } from "./statements.ts";
import { gardenTable, utilityTable } from "./tables.ts";
import { makeEntries } from "./transfers.ts";

const SEED = 20_261_005;
const OPENING: Readonly<Record<CreditorKey, bigint>> = { garden: 4_825_037n, utility: 11_200_410n };

export interface Samples {
  /** Path below `samples/` → content. */
  readonly files: ReadonlyMap<string, Buffer>;
  readonly plan: DemoPlan;
  readonly customers: readonly SampleCustomer[];
  readonly items: readonly SampleItem[];
  readonly statements: Readonly<
    Record<CreditorKey, readonly { readonly file: string; readonly statement: SampleStatement }[]>
  >;
}

export function makeSamples(): Samples {
  const random = seededRandom(SEED);
  const regulars = makeCustomers(random);
  const guests = makeGuests(regulars);
  const customers = [...regulars, ...guests];
  const made = makeItems(random, regulars);
  const entries = makeEntries(random, made);
  const items = [...made, ...guestItems(guests)];
  const files = new Map<string, Buffer>();
  const arrivals: DemoPlan["arrivals"] = [];
  const arrive = (on: DemoPlan["firstDay"], creditor: CreditorKey, file: string, bytes: Buffer): void => {
    files.set(file, bytes);
    arrivals.push({ on, creditor, file });
  };
  const statements: Record<CreditorKey, { file: string; statement: SampleStatement }[]> = { garden: [], utility: [] };

  for (const creditor of DEMO_CREDITORS) {
    const { key } = creditor;
    const own = items.filter((item) => item.creditor === key);
    for (const day of TABLE_DAYS[key]) {
      const table = own.filter((item) => item.via === "csv" && item.arrivesOn === day);
      if (key === "garden") arrive(day, key, `garden/open-items-${day}.csv`, gardenTable(table));
      else arrive(day, key, `utility/offene-posten-${day}.csv`, utilityTable(table));
    }
    for (const item of own.filter(({ via }) => via !== "csv")) {
      const file = `${key}/invoices/${item.number}.${item.via}.xml`;
      arrive(item.arrivesOn, key, file, item.via === "ubl" ? ublInvoice(item) : ciiInvoice(item));
    }
    // The goods of one company came back.
    const returned = own.find((item) => key === "garden" && item.via !== "csv" && item.behaviour === "never");
    if (returned) {
      const issueDate = maxDate(addDays(returned.arrivesOn, 9), addDays(FIRST_DAY, 9));
      const note = { number: `GS-2026-${returned.number.slice(-5)}`, of: returned, issueDate };
      arrive(issueDate, key, `${key}/invoices/${note.number}.ubl.xml`, ublCreditNote(note));
    }
    for (const statement of cutStatements(
      entries.filter((entry) => entry.creditor === key),
      OPENING[key],
    )) {
      // The utility's bank sends its second statement the old way.
      const old = key === "utility" && statements[key].length === 1;
      const name = `${key}/${key === "garden" ? "wurzelfroh" : "stadtwerke"}-${statement.to}`;
      const file = old ? `${name}.mt940.sta` : `${name}.camt053.xml`;
      statements[key].push({ file, statement });
      arrive(statement.arrivesOn, key, file, (old ? mt940Statement : camtStatement)(creditor, statement));
    } // prettier-ignore
  }
  const events = makeOrderEvents(items);
  let from = "2026-01-01" as PlainDate;
  for (const day of ORDER_DAYS) {
    arrive(day, "garden", `garden/orders-${day}.csv`, orderTable(events, from, day));
    from = day;
  }
  const order = (text: string): number =>
    text.includes("/orders-") ? 2 : text.includes(".csv") ? 0 : text.includes("/invoices/") ? 1 : 3;
  arrivals.sort((a, b) =>
    a.on < b.on ? -1 : a.on > b.on ? 1 : order(a.file) - order(b.file) || (a.file < b.file ? -1 : 1),
  );
  const plan: DemoPlan = { firstDay: FIRST_DAY, lastDay: LAST_DAY, arrivals, acts: makeScenes(items, statements) };
  files.set("plan.json", Buffer.from(`${JSON.stringify(plan, null, 2)}\n`));
  return { files, plan, customers, items, statements };
}
