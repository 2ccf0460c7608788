import { describe, expect, test } from "vitest";
import { detectFormat, isBooked, readStatements, type StatementEvent } from "../../../../src/pure/formats/index.ts";
import { formatDecimal } from "../../../../src/pure/kernel/index.ts";
import { ALPINE } from "./alpine.ts";
import { BENELUX } from "./benelux.ts";
import { GERMAN } from "./german.ts";
import { type BankLayout, bytesOf, type Wanted } from "./layout.ts";
import { OTHERS } from "./others.ts";

const BANK_LAYOUTS = [...GERMAN, ...ALPINE, ...BENELUX, ...OTHERS];

async function eventsOf(layout: BankLayout): Promise<StatementEvent[]> {
  const bytes = bytesOf(layout);
  const detected = detectFormat(bytes, true);
  if (!detected.ok) throw new Error(detected.error.message);
  if (detected.value.kind !== "statement") throw new Error(`read as ${detected.value.kind}`);
  const events: StatementEvent[] = [];
  for await (const event of readStatements(detected.value, [bytes])) events.push(event);
  return events;
}

describe("columns of banks", () => {
  test.each(BANK_LAYOUTS)("$bank", async (layout) => {
    const events = await eventsOf(layout);
    expect(events.at(-1)).toEqual({ kind: "end" });
    const read = events.flatMap((event): Wanted[] => {
      if (event.kind !== "entry") return [];
      const { bookedOn, valueOn, amount, credit, transactions } = event.entry;
      const [one] = transactions;
      const party = credit || one?.returned ? one?.payer : one?.payee;
      const text = one?.remittance.join("\n") ?? "";
      return [
        [
          bookedOn ?? "",
          valueOn ?? "",
          `${credit ? "" : "-"}${formatDecimal(amount)}`,
          party?.name ?? null,
          party?.iban ?? party?.other ?? null,
          text,
        ],
      ];
    });
    expect(read).toEqual(layout.wanted.map((row) => [...row.slice(0, 5), expect.stringContaining(row[5])]));
    const ends = events.flatMap((event) => (event.kind === "statement_end" ? [event] : []));
    expect(ends).toHaveLength(1);
    const shown = (value: Parameters<typeof formatDecimal>[0] | null) => (value ? formatDecimal(value) : null);
    const [end] = ends;
    expect({
      account: end?.statement.account.iban ?? end?.statement.account.other ?? null,
      currency: end?.totals.currency,
      opening: shown(end?.totals.opening ?? null),
      closing: shown(end?.totals.closing ?? null),
    }).toEqual({
      account: layout.account,
      currency: layout.currency,
      opening: layout.opening,
      closing: layout.closing,
    });
    if (layout.opening !== null && layout.closing !== null) expect(end?.totals.reconciles).toBe(true);
  });

  test.each([
    "10001;Ada Beispiel;RE-1;01.01.2026;15.01.2026;119,00;EUR\n",
    "DE89370400440532013000;Ada Beispiel;RE-1;15.01.2026;119,00;EUR\n",
    "05.01.2026;Ada Beispiel;Rechnung RE-1;119,00;1000,00\n",
  ])("no bank's table: %s", (text) => {
    const detected = detectFormat(Buffer.from(text), true);
    expect(detected.ok && detected.value.kind).toBe("open_items");
  });

  test.each<[string, string]>([
    ["Date,Description,Amount\n2026-01-02,a,1.500\n2026-01-03,b,137\n", "bank_csv_amount_ambiguous"],
    ['Date,Description,Amount,Balance\n2026-01-02,a,"1,50",2.50\n2026-01-03,b,1.500,4\n', "bank_csv_amount_ambiguous"],
  ])("refuses amounts that mean two things: %s", async (text, code) => {
    const bytes = Buffer.from(text);
    const events: StatementEvent[] = [];
    for await (const event of readStatements({ kind: "statement", syntax: "csv", format: "CSV" }, [bytes]))
      events.push(event);
    expect(events.at(-1)).toMatchObject({ kind: "failed", error: { code, where: "1:1" } });
  });

  test("what is announced is not booked", async () => {
    const pending: string[] = [];
    for (const layout of BANK_LAYOUTS)
      for (const event of await eventsOf(layout))
        if (event.kind === "entry" && !isBooked(event.entry.status)) pending.push(layout.bank);
    expect(pending).toEqual(["DKB", "Danske Bank"]);
  });
});
