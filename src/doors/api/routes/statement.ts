/** The statement of account of a customer, as data and as paper. */
import { z } from "@hono/zod-openapi";
import { type Act, appendAudit } from "../../../platform/access/index.ts";
import { survivorOf } from "../../../books/customers/index.ts";
import { type StatementQuery, statementsOfAccount } from "../../../books/receivables/index.ts";
import { printStatements } from "../../../outreach/messaging/index.ts";
import { type Currency, type CustomerId, ok, type PlainDate, type Result } from "../../../pure/kernel/index.ts";
import { businessDay, customerRefs, knownCreditor } from "../names.ts";
import { statementOf } from "../present/statement.ts";
import { type Api, fileRoute, route } from "../route.ts";
import { id, language } from "../schema/basics.ts";
import { statementOfAccount, statementQuery } from "../schema/customers.ts";
import { opened } from "./customer-acts.ts";
import { fileAnswer } from "./customers.ts";

const params = z.strictObject({ customerId: id });
const PATH = "/customers/{customerId}/statement-of-account";

/** Whoever may open the file, and the one it was merged into, which is the one that is stated. */
const openedLead = <T>(act: Act, customerId: string, work: (lead: CustomerId) => Promise<Result<T>>) =>
  opened(act, customerId, async (asked) => opened(act, await survivorOf(act, asked), work));

async function wantedOf(act: Act, query: z.infer<typeof statementQuery>): Promise<Result<StatementQuery>> {
  const creditor = await knownCreditor(act, query.creditor);
  if (!creditor.ok) return creditor;
  return ok({
    ...(creditor.value !== undefined && { creditorId: creditor.value }),
    ...(query.asOf !== undefined && { asOf: query.asOf as PlainDate }),
    ...(query.currency !== undefined && { currency: query.currency as Currency }),
  });
}

export function statementRoutes(api: Api): void {
  route(
    api,
    {
      method: "get",
      path: PATH,
      permission: "receivable.read",
      summary: "What is open on a day and how it came about, by creditor and currency (Forderungsaufstellung)",
      params,
      query: statementQuery,
      answer: statementOfAccount,
    },
    ({ act, params: { customerId }, query, language: spoken }) =>
      act((one) =>
        openedLead(one, customerId, async (lead) => {
          const wanted = await wantedOf(one, query);
          if (!wanted.ok) return wanted;
          const found = await statementsOfAccount(one, lead, wanted.value);
          if (!found.ok) return found;
          const customer = (await customerRefs(one, [lead])).get(lead);
          if (!customer) throw new Error("an open file without a name");
          const statements = await Promise.all(found.value.map((statement) => statementOf(one, statement, spoken)));
          const asOf = wanted.value.asOf ?? (await businessDay(one, wanted.value.creditorId));
          return ok({ customer, asOf, statements });
        }),
      ),
  );
  fileRoute(
    api,
    {
      path: `${PATH}.pdf`,
      permission: "receivable.read",
      summary: "The same as PDF/A, in the customer's language unless another is named",
      params,
      query: statementQuery.extend({ language: language.optional() }),
      gives: ["application/pdf"],
    },
    async ({ act, deps, params: { customerId }, query }) => {
      const pdf = await act((one) =>
        openedLead(one, customerId, async (lead) => {
          const wanted = await wantedOf(one, query);
          if (!wanted.ok) return wanted;
          const printed = await printStatements(one, deps.printer, lead, wanted.value, query.language);
          if (printed.ok) await appendAudit(one, { act: "document.opened", subject: lead });
          return printed;
        }),
      );
      return pdf.ok ? ok(fileAnswer(pdf.value, "application/pdf", "statement-of-account.pdf")) : pdf;
    },
  );
}
