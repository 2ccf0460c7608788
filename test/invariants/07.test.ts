/** Invariant 7: decisions see no identity. The list of signals is closed. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { addNote, addParty, learnAccount, takeCustomers } from "../../src/books/customers/index.ts";
import { placeHold } from "../../src/books/receivables/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { expectOk } from "../../src/pure/kernel/index.ts";
import { customerInput, day, makeItem } from "../books/books.ts";
import { openSetting, type Setting } from "./setting.ts";

let s: Setting;
beforeAll(async () => {
  s = await openSetting();
});
afterAll(() => s.drop());

/** Everything `decide` may ever see. A new signal is added here by a person who has thought about § 37a BDSG and the AGG. */
const SIGNALS = new Set([
  "announcesHandOver",
  "asksByStage",
  "asksByStage.*",
  "bankData",
  "bankData.maxAgeDays",
  "bankData.until",
  "businessDate",
  "caseId",
  "creditorCountry",
  "creditorId",
  "currency",
  "customerCountry",
  "customerId",
  "customerKind",
  "handOverProposed",
  "handOverDecided",
  "peaceUntil",
  "state",
  "toneCeiling",
  "zone",
  "items",
  "items.assigned",
  "items.brandId",
  "items.directDebit",
  "items.dueOn",
  "items.findings",
  "items.itemKind",
  "items.openMinor",
  "items.receivableId",
  "items.stage",
  "items.stageOn",
  "contact",
  "contact.asks",
  "contact.asks.messageId",
  "contact.asks.on",
  "contact.asks.stage",
  "contact.holds",
  "contact.holds.author",
  "contact.holds.caseId",
  "contact.holds.createdAt",
  "contact.holds.endsOn",
  "contact.holds.ground",
  "contact.holds.holdId",
  "contact.holds.receivableId",
  "contact.holds.startsOn",
  "contact.reach",
  "contact.reach.email",
  "contact.reach.letter",
  "contact.proposedPayments",
  "contact.unclearMessages",
  "contact.waitingMessages",
  "contactRules",
  "contactRules.gapDays",
  "contactRules.maximumAsks",
  "contactRules.withinDays",
]); // prettier-ignore

function pathsOf(value: unknown, path: string, found: Set<string>): void {
  if (Array.isArray(value)) for (const one of value) pathsOf(one, path, found);
  else if (typeof value === "object" && value !== null)
    for (const [key, inner] of Object.entries(value)) {
      const name = path === "asksByStage" ? "*" : key;
      const own = path === "" ? name : `${path}.${name}`;
      found.add(own);
      pathsOf(inner, own, found);
    }
}

const PLANTED = [
  "Xaverine",
  "Quittenbaum",
  "Zwetschgenweg",
  "98711",
  "Suhlendorf",
  "xaverine.q@planted.example",
  "+4936812345",
  "DE75512108001245126199",
  "Wilhelmina",
  "Advokatin",
  "K-IDENTITY",
  "RE-IDENTITY",
  "B-IDENTITY",
]; // prettier-ignore

test("what a run stores of its decisions has the listed keys only, and no planted name, street, account or number", async () => {
  const number = "K-IDENTITY";
  const input = customerInput(
    s,
    number,
    {
      firstName: "Xaverine",
      name: "Quittenbaum",
      addresses: [{ street: "Zwetschgenweg 9", postcode: "98711", city: "Suhlendorf", country: "DE" }],
    },
    { email: "xaverine.q@planted.example", phone: "+4936812345", state: "TH", group: "vip" },
  );
  await s.act(async (act) => {
    const customerId = (await takeCustomers(act, [input])).get(number)?.customerId;
    if (!customerId) throw new Error("not taken");
    await learnAccount(act, customerId, "DE75512108001245126199");
    await addParty(act, customerId, {
      role: "representative",
      representativeKind: "lawyer",
      identity: { firstName: "Wilhelmina", name: "Advokatin", addresses: [] },
      validFrom: day("2026-01-01"),
      maySee: ["items"],
      writeOnlyTo: false,
    });
    expectOk(await addNote(act, customerId, "Xaverine Quittenbaum hat angerufen"));
    await makeItem(act, s, customerId, "RE-IDENTITY", 5000n, { dueOn: day("2026-05-20"), orderNumber: "B-IDENTITY" });
    expectOk(
      await placeHold(act, {
        customerId,
        ground: "callback",
        startsOn: day("2026-06-10"),
        endsOn: day("2026-06-20"),
        comment: "Frau Quittenbaum",
      }),
    );
  });
  for (const date of ["2026-06-02", "2026-06-12", "2026-06-30"]) {
    s.kulanz.setNow(new Date(`${date}T08:00:00Z`));
    await s.run(day(date));
    await s.leave();
  }
  const rows = await s.act((act) =>
    act.tx.rows<{ situation: unknown; row: string }>(sql`select situation, d::text as row from decision d`),
  );
  expect(rows).toHaveLength(3);
  const found = new Set<string>();
  for (const { situation } of rows) pathsOf(situation, "", found);
  expect([...found].filter((path) => !SIGNALS.has(path))).toEqual([]);
  const text = rows.map(({ row }) => row).join("\n");
  expect(PLANTED.filter((word) => text.toLowerCase().includes(word.toLowerCase()))).toEqual([]);
});
