/** A statement of account as the contract tells it: figures for programs, words for people. */
import type { z } from "@hono/zod-openapi";
import type { Act } from "../../../platform/access/index.ts";
import { creditor } from "../../../books/customers/index.ts";
import { COMPONENTS, type OpenAmounts, type StatementOfAccount } from "../../../books/receivables/index.ts";
import { tellStatement } from "../../../outreach/messaging/index.ts";
import { lawInWriting } from "../../../pure/law/index.ts";
import { moneyOf, worded } from "../said/index.ts";
import type { Language } from "../schema/basics.ts";
import type { accountStatement } from "../schema/customers.ts";

export async function statementOf(
  act: Act,
  statement: StatementOfAccount,
  language: Language,
): Promise<z.infer<typeof accountStatement>> {
  const { currency } = statement;
  const told = tellStatement(statement, language);
  const money = (minor: bigint) => moneyOf(minor, currency);
  const amounts = (of: OpenAmounts) => ({
    principal: money(of.principal),
    interest: money(of.interest),
    dunning_cost: money(of.dunning_cost),
    collection_cost: money(of.collection_cost),
  });
  const law = (reference: string | undefined): string | null =>
    reference === undefined ? null : lawInWriting(reference, language);
  const whole = { ...statement.open, interest: statement.open.interest + statement.accruedMinor };
  const of = await creditor(act, statement.creditorId);
  return {
    creditor: { id: of.creditorId, name: of.name },
    currency,
    asOf: statement.asOf,
    provisional: statement.provisional,
    lawUnsupported: statement.lawUnsupported,
    open: amounts(statement.open),
    accrued: money(statement.accruedMinor),
    total: money(statement.totalMinor),
    sums: COMPONENTS.filter((part) => whole[part] !== 0n).map((part, index) => ({
      label: told.sums[index]?.[0] ?? part,
      amount: money(whole[part]),
    })),
    columns: [...told.words.columns],
    interestColumns: [...told.words.interestColumns],
    items: statement.items.map((item, index) => {
      const said = told.items[index];
      const { interest } = item;
      return {
        id: item.receivableId,
        title: said?.title ?? "",
        facts: said?.facts ?? "",
        kind: item.kind,
        number: item.number,
        orderNumber: item.orderNumber ?? null,
        issuedOn: item.issuedOn,
        dueOn: item.dueOn,
        inDefaultSince: item.defaultSince ?? null,
        assignedOn: item.assignedOn ?? null,
        movements: item.movements.map((one, row) => ({
          on: one.on,
          kind: one.kind,
          title: said?.movements[row]?.what ?? "",
          note: said?.movements[row]?.note ?? "",
          law: law(one.law),
          change: amounts(one.change),
          amount: money(one.amountMinor),
          openAfter: money(COMPONENTS.reduce((sum, part) => sum + one.openAfter[part], 0n)),
        })),
        interest:
          "none" in interest
            ? null
            : {
                law: lawInWriting(interest.law, language),
                dayCount: interest.dayCount,
                segments: interest.segments.map((segment, row) => ({
                  from: segment.from,
                  to: segment.to,
                  days: segment.days,
                  rate: segment.ratePercent,
                  baseRate: segment.basePercent,
                  rateText: said?.interest?.rows[row]?.rate ?? "",
                  principal: money(segment.principal),
                  exact: said?.interest?.rows[row]?.sum ?? "",
                  provisional: segment.provisional,
                })),
                whole: money(interest.wholeMinor),
                posted: money(interest.postedMinor),
                accrued: money(interest.accruedMinor),
                provisional: interest.provisional,
                lines: [...(said?.interest?.lines ?? [])],
              },
        noInterest: "none" in interest && said?.noInterest ? worded(interest.none, said.noInterest) : null,
        open: amounts(item.open),
        accrued: money(item.accruedMinor),
        total: money(item.totalMinor),
      };
    }),
    payments: statement.payments.map((payment, index) => ({
      on: payment.on,
      title: told.payments[index]?.title ?? "",
      amount: money(payment.amountMinor),
      parts: payment.parts.map((part, row) => ({
        itemId: part.receivableId,
        number: part.number,
        onAccount: part.onAccount,
        paid: amounts(part.paid),
        law: law(part.law),
        text: told.payments[index]?.parts[row] ?? "",
      })),
    })),
    notes: [...told.notes],
  };
}
