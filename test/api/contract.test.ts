/**
 * The schemas say what the console's contract says: each answer type fits in both directions. A difference does not
 * compile; the test itself compares the routes.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "@hono/zod-openapi";
import { afterAll, beforeAll, expect, test } from "vitest";
import type * as Contract from "../../web/console/src/api/contract.ts";
import type * as Checking from "../../src/doors/api/schema/checking.ts";
import type * as Customers from "../../src/doors/api/schema/customers.ts";
import type * as Duplicates from "../../src/doors/api/schema/duplicates.ts";
import type * as Learned from "../../src/doors/api/schema/learned.ts";
import type * as Matching from "../../src/doors/api/schema/matching.ts";
import type * as MoneyIn from "../../src/doors/api/schema/money-in.ts";
import type * as Outreach from "../../src/doors/api/schema/outreach.ts";
import type * as Reconciling from "../../src/doors/api/schema/reconciliation.ts";
import type * as Refunds from "../../src/doors/api/schema/refunds.ts";
import type * as Sessions from "../../src/doors/api/schema/session.ts";
import type * as Sources from "../../src/doors/api/schema/sources.ts";
import { packageRoot } from "../../src/platform/config/index.ts";
import { type ApiHouse, openApi } from "./api.ts";

/** Readonly and `undefined` beside optional are the console's notation; they don't travel. */
type Plain<T> = T extends readonly (infer One)[]
  ? Plain<One>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Plain<Exclude<T[Key], undefined>> }
    : T;
type Fits<Schema extends z.ZodType, Type> = [Plain<z.infer<Schema>>] extends [Plain<Type>]
  ? [Plain<Type>] extends [Plain<z.infer<Schema>>]
    ? true
    : never
  : never;

const fits: readonly true[] = [
  true satisfies Fits<typeof Reconciling.reconciliation, Contract.Reconciliation>,
  true satisfies Fits<typeof Reconciling.difference, Contract.Difference>,
  true satisfies Fits<typeof Reconciling.vanishedStop, Contract.VanishedStop>,
  true satisfies Fits<typeof Reconciling.vanishedItem, Contract.VanishedItem>,
  true satisfies Fits<typeof Reconciling.vanishedDecision, Contract.VanishedDecision>,
  true satisfies Fits<typeof Reconciling.handbackPending, Contract.HandbackPending>,
  true satisfies Fits<typeof Reconciling.handbackBatch, Contract.HandbackBatch>,
  true satisfies Fits<typeof Sources.sources, Contract.Sources>,
  true satisfies Fits<typeof Sources.source, Contract.Source>,
  true satisfies Fits<typeof Sources.accountDays, Contract.AccountDays>,
  true satisfies Fits<typeof Sources.excuse, Contract.ExcuseDay>,
  true satisfies Fits<typeof Sessions.signedIn, Contract.SignedIn>,
  true satisfies Fits<typeof Sessions.signInLink, Contract.SignInLink>,
  true satisfies Fits<typeof Sessions.counts, Contract.Counts>,
  true satisfies Fits<typeof Sessions.user, Contract.User>,
  true satisfies Fits<typeof Sessions.newUser, Contract.NewUser>,
  true satisfies Fits<typeof Sessions.userChange, Contract.UserChange>,
  true satisfies Fits<typeof Sessions.apiKey, Contract.ApiKey>,
  true satisfies Fits<typeof Sessions.newApiKey, Contract.NewApiKey>,
  true satisfies Fits<typeof Sessions.auditEntry, Contract.AuditEntry>,
  true satisfies Fits<typeof Sessions.auditVerified, Contract.AuditVerified>,
  true satisfies Fits<typeof Customers.customerRow, Contract.CustomerRow>,
  true satisfies Fits<typeof Customers.customer, Contract.Customer>,
  true satisfies Fits<typeof Customers.itemDetail, Contract.ItemDetail>,
  true satisfies Fits<typeof Customers.statementOfAccount, Contract.StatementOfAccount>,
  true satisfies Fits<typeof Customers.customerDocument, Contract.Document>,
  true satisfies Fits<typeof Customers.workItem, Contract.WorkItem>,
  true satisfies Fits<typeof Customers.workDecision, Contract.WorkDecision>,
  true satisfies Fits<typeof Customers.writeOffProposal, Contract.WriteOffProposal>,
  true satisfies Fits<typeof Checking.finding, Contract.Finding>,
  true satisfies Fits<typeof Checking.findingDecision, Contract.FindingDecision>,
  true satisfies Fits<typeof Checking.findingCount, Contract.FindingCount>,
  true satisfies Fits<typeof Checking.checkRules, Contract.CheckRules>,
  true satisfies Fits<typeof Checking.checkRuleChange, Contract.CheckRuleChange>,
  true satisfies Fits<typeof Checking.order, Contract.Order>,
  true satisfies Fits<typeof Learned.knownAccount, Contract.KnownAccount>,
  true satisfies Fits<typeof Learned.matchReview, Contract.MatchReview>,
  true satisfies Fits<typeof Matching.sureGroup, Contract.SureGroup>,
  true satisfies Fits<typeof Matching.bookSure, Contract.BookSure>,
  true satisfies Fits<typeof Matching.batchDone, Contract.BatchDone>,
  true satisfies Fits<typeof Matching.unmatchedAgeing, Contract.UnmatchedAgeing>,
  true satisfies Fits<typeof Matching.duplicatePayment, Contract.DuplicatePayment>,
  true satisfies Fits<typeof MoneyIn.bankEntry, Contract.BankEntry>,
  true satisfies Fits<typeof MoneyIn.bankSummary, Contract.BankSummary>,
  true satisfies Fits<typeof MoneyIn.booking, Contract.Booking>,
  true satisfies Fits<typeof MoneyIn.booked, Contract.Booked>,
  true satisfies Fits<typeof MoneyIn.statementRow, Contract.StatementRow>,
  true satisfies Fits<typeof MoneyIn.importPreview, Contract.ImportPreview>,
  true satisfies Fits<typeof MoneyIn.importJob, Contract.ImportJob>,
  true satisfies Fits<typeof MoneyIn.mappingChoice, Contract.MappingChoice>,
  true satisfies Fits<typeof Refunds.creditBalance, Contract.CreditBalance>,
  true satisfies Fits<typeof Refunds.refund, Contract.Refund>,
  true satisfies Fits<typeof Refunds.newRefund, Contract.NewRefund>,
  true satisfies Fits<typeof Refunds.refundFile, Contract.RefundFile>,
  true satisfies Fits<typeof Outreach.runPreview, Contract.RunPreview>,
  true satisfies Fits<typeof Outreach.runPreviewRow, Contract.RunPreviewRow>,
  true satisfies Fits<typeof Outreach.run, Contract.Run>,
  true satisfies Fits<typeof Duplicates.duplicateRow, Contract.DuplicateRow>,
  true satisfies Fits<typeof Duplicates.duplicatePair, Contract.DuplicatePair>,
  true satisfies Fits<typeof Duplicates.related, Contract.Related>,
  true satisfies Fits<typeof Outreach.recalled, Contract.Recalled>,
  true satisfies Fits<typeof Outreach.message, Contract.Message>,
  true satisfies Fits<typeof Outreach.printDay, Contract.PrintDay>,
  true satisfies Fits<typeof Outreach.strategy, Contract.Strategy>,
  true satisfies Fits<typeof Outreach.today, Contract.Today>,
];

let house: ApiHouse;
beforeAll(async () => {
  house = await openApi();
});
afterAll(() => house.drop());

test("every route of the console's contract is there, and every list it exports", () => {
  expect(fits.every(Boolean)).toBe(true);
  const contract = readFileSync(join(packageRoot, "web/console/src/api/contract.ts"), "utf8");
  const wanted = [...contract.matchAll(/^ {2}"(GET|POST|PUT|PATCH|DELETE) (\/[^"]*)"/gm)].map(
    ([, method = "", path = ""]) => `${method.toLowerCase()} ${path}`,
  );
  const exported = contract
    .split(/^ {2}"/m)
    .filter((block) => block.startsWith("GET ") && block.includes("answer: L<"))
    .map((block) => `get ${/^GET ([^"]*)/.exec(block)?.[1] ?? ""}/export`);
  const table = new Set(house.table.map(({ method, path }) => `${method} ${path}`));
  expect(wanted.length).toBeGreaterThan(45);
  expect(exported.length).toBeGreaterThan(12);
  expect([...wanted, ...exported].filter((one) => !table.has(one))).toEqual([]);
});
