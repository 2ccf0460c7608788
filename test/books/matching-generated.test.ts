import { expect, test } from "vitest";
import { evidenceOf, questionsOf } from "../../src/books/matching/evidence.ts";
import { judge } from "../../src/books/matching/score.ts";
import { seededRandom } from "../../src/pure/kernel/index.ts";
import { figure } from "../support/figures.ts";
import { generate, generatedShapes, type Noise, RARE_NAMES } from "./matching-generator.ts";

const PAYMENTS = process.env["KULANZ_SOAK"] ? 200_000 : 12_000;
const ITEMS = PAYMENTS * 3;

test.each([
  ["names as in a population", RARE_NAMES],
  ["a town of fifty family names", 0],
])(
  "payments with known truth, %s: none booked to another customer, most booked by themselves",
  { timeout: 400_000 },
  (names, rareShare) => {
    const shapes = generatedShapes(ITEMS);
    const by = new Map<
      Noise,
      { all: number; booked: number; wrongCustomer: number; wrongItem: number; proposed: number }
    >();
    for (const { noise, payment, answers, customerId, items } of generate(
      seededRandom(Number(process.env["KULANZ_SEED"] ?? 20261122)),
      PAYMENTS,
      ITEMS,
      rareShare,
    )) {
      const row = by.get(noise) ?? { all: 0, booked: 0, wrongCustomer: 0, wrongItem: 0, proposed: 0 };
      by.set(noise, row);
      row.all += 1;
      const gathered = evidenceOf(payment, questionsOf(payment, shapes), answers);
      const { candidates, blockers } = judge(gathered.payment, gathered.evidences);
      const best = candidates[0];
      if (best && blockers.length === 0) {
        row.booked += 1;
        if (best.customerId !== customerId) row.wrongCustomer += 1;
        else if (!best.items.every(({ receivableId }) => receivableId === null || items.includes(receivableId)))
          row.wrongItem += 1;
        const sum = best.items.reduce((total, item) => total + item.amountMinor, 0n);
        expect(sum).toBe(payment.amountMinor);
      } else if (candidates.slice(0, 3).some((candidate) => candidate.customerId === customerId)) row.proposed += 1;
    }
    console.table(Object.fromEntries(by));
    const rows = [...by.values()];
    const total = (key: "all" | "booked" | "wrongCustomer" | "wrongItem"): number =>
      rows.reduce((sum, row) => sum + row[key], 0);
    const wrong = total("wrongCustomer") + total("wrongItem");
    const [all, booked] = [total("all"), total("booked")];
    figure({
      what: `matching, ${names}`,
      count: all,
      precision: (booked - wrong) / booked,
      recall: booked / all,
      wrong,
    });
    for (const [noise, row] of by)
      figure({
        what: `  ${noise}`,
        count: row.all,
        precision: row.booked === 0 ? 1 : 1 - (row.wrongCustomer + row.wrongItem) / row.booked,
        recall: row.booked / row.all,
        wrong: row.wrongCustomer + row.wrongItem,
      });
    expect(total("wrongCustomer")).toBe(0);
    expect(total("wrongItem") / total("booked")).toBeLessThan(0.001);
    expect(total("booked") / total("all")).toBeGreaterThanOrEqual(0.82);
    expect(by.get("unrelated")?.booked).toBe(0);
  },
);
