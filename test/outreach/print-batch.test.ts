/** The print batch of a day: all its letters in one file, the same bytes every time. */
import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runDunning } from "../../src/outreach/dunning/index.ts";
import {
  createLetterPrinter,
  letDueMessagesLeave,
  outboxTasks,
  printBatch,
} from "../../src/outreach/messaging/index.ts";
import { expectOk } from "../../src/pure/kernel/index.ts";
import { day, makeItem, SYSTEM } from "../books/books.ts";
import { type Outreach, openOutreach } from "./outreach.ts";

let o: Outreach;
beforeAll(async () => {
  o = await openOutreach();
});
afterAll(() => o.drop());

test("all letters of a day, an English one with its German original, in one file that is the same every time", async () => {
  for (const [number, language] of [
    ["90001", "de"],
    ["90002", "en"],
    ["90003", "de"],
  ] as const) {
    const id = await o.makeReachable(number, { language });
    await o.act((act) => makeItem(act, o, id, `RE-${number}`, 4000n, { dueOn: day("2026-06-01") }));
  }
  o.kulanz.setNow(new Date("2026-06-18T08:00:00Z"));
  expectOk(
    await runDunning(o.platform, o.tenantId, SYSTEM, { creditorId: o.creditorId, businessDate: day("2026-06-18") }),
  );
  expect(await letDueMessagesLeave(o.outbox, o.tenantId)).toMatchObject({ left: 3 });
  const printer = createLetterPrinter();
  try {
    const { platform, tenantId } = o;
    const parts = { platform, tenantId, printer, publicUrl: () => "https://x.example", letterFolder: o.letters };
    expect(expectOk(await printBatch(parts, day("2026-06-18")))).toEqual({
      letters: 3,
      files: ["2026-06-18/druckstapel.pdf"],
    });
    const file = path.join(o.letters, "2026-06-18/druckstapel.pdf");
    const first = await readFile(file);
    const pages = (pdf: Buffer): number => (pdf.toString("latin1").match(/\/Type\s*\/Page\b/g) ?? []).length;
    const singles = (await readdir(path.dirname(file))).filter((name) => /^[0-9a-f-]{36}\.pdf$/.test(name));
    let sum = 0;
    for (const name of singles) sum += pages(await readFile(path.join(path.dirname(file), name)));
    expect(singles).toHaveLength(3);
    expect(sum).toBeGreaterThanOrEqual(4);
    expect(pages(first)).toBe(sum);
    expectOk(await printBatch(parts, day("2026-06-18")));
    expect((await readFile(file)).equals(first)).toBe(true);
    const none = await printBatch(parts, day("2026-06-19"));
    expect(none.ok ? "ok" : none.error.code).toBe("no_letters");
  } finally {
    printer.close();
  }
});

test("the task that lets messages leave puts new letters into the batch of their day, and only then", async () => {
  const printer = createLetterPrinter();
  let printed = 0;
  const counting = {
    ...printer,
    renderBatch: (...given: Parameters<typeof printer.renderBatch>) => {
      printed += 1;
      return printer.renderBatch(...given);
    },
  };
  const { platform, outbox } = o;
  const [task] = outboxTasks({
    platform,
    outboxOf: () => outbox,
    printOf: (tenantId) => ({
      platform,
      tenantId,
      printer: counting,
      publicUrl: () => "https://x.example",
      letterFolder: o.letters,
    }),
  });
  const leave = (at: string): Promise<void> => {
    o.kulanz.setNow(new Date(at));
    return task?.run({}, {} as never) ?? Promise.reject(new Error("no task"));
  };
  const queue = async (number: string): Promise<void> => {
    const id = await o.makeReachable(number);
    await o.act((act) => makeItem(act, o, id, `RE-${number}`, 4000n, { dueOn: day("2026-06-22") }));
  };
  const folder = path.join(o.letters, "2026-07-09");
  const run = async (on: string): Promise<void> => {
    expectOk(await runDunning(o.platform, o.tenantId, SYSTEM, { creditorId: o.creditorId, businessDate: day(on) }));
  };
  try {
    await queue("90011");
    o.kulanz.setNow(new Date("2026-07-09T08:00:00Z"));
    await run("2026-07-09");
    await leave("2026-07-09T08:01:00Z");
    const first = await readFile(path.join(folder, "druckstapel.pdf"));
    expect(first.subarray(0, 5).toString()).toBe("%PDF-");
    expect(printed).toBe(1);
    // Nothing new: nothing is printed, also when the printer room has taken the file or the whole day.
    await rm(path.join(folder, "druckstapel.pdf"));
    await leave("2026-07-09T08:02:00Z");
    await rm(folder, { recursive: true });
    await leave("2026-07-09T08:03:00Z");
    expect(printed).toBe(1);
    await expect(readFile(path.join(folder, "druckstapel.pdf"))).rejects.toThrow();
  } finally {
    printer.close();
  }
});

test("two tenants share the folder and not a batch", async () => {
  const other = await o.kulanz.createTenant("Fremde Werke");
  const printer = createLetterPrinter();
  const parts = { platform: o.platform, printer, publicUrl: () => "https://x.example", letterFolder: o.letters };
  try {
    expect(await printBatch({ ...parts, tenantId: other }, day("2026-06-18"))).toMatchObject({
      error: { code: "no_letters" },
    });
    expect(expectOk(await printBatch({ ...parts, tenantId: o.tenantId }, day("2026-06-18")))).toEqual({
      letters: 3,
      files: [`2026-06-18/druckstapel-${o.tenantId}.pdf`],
    });
  } finally {
    printer.close();
  }
});
