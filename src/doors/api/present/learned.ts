/** Accounts that were learned, and matches of a sample, as people read them. */
import type { z } from "@hono/zod-openapi";
import { type KnownAccount, knownAccounts, reasonInWords, type Reviewed } from "../../../books/matching/index.ts";
import { allocationsOf } from "../../../books/receivables/index.ts";
import { entryLines } from "../../../oversight/insight/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import type { CustomerId, Uuid } from "../../../pure/kernel/index.ts";
import { actorNames, customerRefs } from "../names.ts";
import { say, worded } from "../said/index.ts";
import type { Language } from "../schema/basics.ts";
import type { knownAccount, reviewRow } from "../schema/learned.ts";
import { AGAINST } from "./reasons.ts";
import { entryRows } from "./bank-rows.ts";

/** `DE•• •••• 3000` */
const shortened = (iban: string): string => `${iban.slice(0, 2)}•• •••• ${iban.slice(-4)}`;

export async function shownAccounts(
  act: Act,
  rows: readonly KnownAccount[],
  language: Language,
): Promise<z.infer<typeof knownAccount>[]> {
  const names = await customerRefs(act, [...new Set(rows.map(({ customerId }) => customerId))]);
  return rows.flatMap((row) => {
    const customer = names.get(row.customerId);
    return customer === undefined
      ? []
      : [
          {
            accountId: row.token.toString("hex"),
            customer,
            iban: row.iban === null ? null : shortened(row.iban),
            relation: row.relation,
            learned: say(language, `learned_${row.how}`),
            learnedAt: row.learnedAt.toISOString(),
            lastPaidOn: row.lastPaidOn,
            payments: row.payments,
            forgottenAt: row.forgottenAt?.toISOString() ?? null,
          },
        ];
  });
}

/** What a match taught, with the way to take it away. */
export async function learnedBy(act: Act, matchId: Uuid, customerId: CustomerId, language: Language) {
  const { rows } = await knownAccounts(act, { matchId, customerId }, 3);
  const names = await customerRefs(act, [customerId]);
  return rows
    .filter(({ forgottenAt }) => forgottenAt === null)
    .flatMap((row) => {
      const customer = names.get(row.customerId);
      return customer
        ? [
            {
              accountId: row.token.toString("hex"),
              customer,
              said: say(language, row.relation === "pays_for" ? "account_learned_for" : "account_learned", {
                account: row.iban === null ? "" : shortened(row.iban),
                customer: customer.name,
              }),
            },
          ]
        : [];
    });
}

export async function shownReviews(
  act: Act,
  sample: readonly Reviewed[],
  language: Language,
): Promise<z.infer<typeof reviewRow>[]> {
  const nameOf = await actorNames(
    act,
    sample.map(({ decidedBy }) => decidedBy),
    language,
  );
  const shown: z.infer<typeof reviewRow>[] = [];
  for (const one of sample) {
    const page = await entryLines(
      act,
      { entryId: one.entryId },
      { order: [{ column: "entry_id" }], limit: 1, offset: 0 },
    );
    const [entry] = await entryRows(act, page.rows, language);
    if (!entry) continue;
    const parts = (await allocationsOf(act, one.customerId, [one.bookingId])).get(one.bookingId) ?? [];
    shown.push({
      id: one.reviewId,
      entry,
      numbers: parts.filter(({ onAccount }) => !onAccount).map(({ number }) => number),
      probability: one.score / 100,
      reasons: one.reasons.map((reason) => ({
        speaks: AGAINST.has(reason.code) ? ("against" as const) : ("for" as const),
        said: worded(reason.code, reasonInWords(reason, language)),
      })),
      verdict: one.verdict,
      decidedBy: one.decidedBy === null ? null : nameOf(one.decidedBy),
      decidedAt: one.decidedAt?.toISOString() ?? null,
    });
  }
  return shown;
}
