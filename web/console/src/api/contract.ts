/**
 * The contract between console and server: every route under `/api/v1` the console calls.
 *
 * - Session cookie (`HttpOnly`, `SameSite=Strict`); every method but GET carries `x-csrf-token` of `GET /session`.
 *   Integrators use `authorization: Bearer <api key>` on the same routes and need no csrf token.
 * - A refusal is `application/problem+json` (`Problem`). 401: session ended. 403 `not_allowed`: role or limit.
 *   404 also for rows of another tenant. 409 `already_done`: somebody was faster; the console reads again.
 * - Acts that write take `idempotency-key` (the console sends a fresh one an act).
 * - The language of texts follows `accept-language`, which the console sets to the user's own.
 * - Server events (`text/event-stream`) are `progress` with the resource as JSON, then `done` with the same; the console
 *   polls the resource itself when the stream breaks.
 */
import type * as Basics from "./contract/basics.ts";
import type * as Checking from "./contract/checking.ts";
import type * as Customers from "./contract/customers.ts";
import type * as Duplicates from "./contract/duplicates.ts";
import type * as Matching from "./contract/matching.ts";
import type * as MoneyIn from "./contract/money-in.ts";
import type * as Orders from "./contract/orders.ts";
import type * as Outreach from "./contract/outreach.ts";
import type * as Reconciling from "./contract/reconciliation.ts";
import type * as Refunds from "./contract/refunds.ts";
import type * as Sessions from "./contract/session.ts";
import type * as Sources from "./contract/sources.ts";

export type * from "./contract/basics.ts";
export type * from "./contract/checking.ts";
export type * from "./contract/customers.ts";
export type * from "./contract/duplicates.ts";
export type * from "./contract/matching.ts";
export type * from "./contract/money-in.ts";
export type * from "./contract/orders.ts";
export type * from "./contract/outreach.ts";
export type * from "./contract/reconciliation.ts";
export type * from "./contract/refunds.ts";
export type * from "./contract/session.ts";
export type * from "./contract/sources.ts";

type L<Row> = Basics.List<Row>;
type Q = Basics.ListQuery;
interface Creditor {
  readonly creditor?: string | undefined;
}
/** 204. */
type Nothing = undefined;

/**
 * Method and path → query, body, answer. `{…}` are path parameters. Each list marked `export` also answers
 * `GET <path>/export?format=csv|xlsx` with the same filters. Sort fields are the keys of a row that are text, day,
 * number or money.
 */
export interface Routes {
  // who am I
  "GET /session": { answer: Sessions.Session };
  "POST /session": { body: Sessions.SignIn; answer: Sessions.SignedIn };
  "DELETE /session": { answer: Nothing };
  "POST /sign-in-links/inspect": { body: { token: string }; answer: Sessions.SignInLink };
  "POST /sign-in-links/use": { body: { token: string; password: string }; answer: Sessions.SignedIn };
  "PATCH /me": { body: Partial<Sessions.Preferences>; answer: Sessions.Preferences };
  "PUT /me/password": { body: { current: string; next: string }; answer: Nothing };
  "GET /counts": { query: Creditor; answer: Sessions.Counts };

  // morning, worklist
  "GET /today": { query: Creditor; answer: Outreach.Today };
  /** Without `due` all open ones, most urgent first; `counts` says how many there are of each. export */
  "GET /worklist": {
    query: Q & { kind?: Customers.WorkKind | undefined; due?: "now" | "later" | undefined };
    answer: L<Customers.WorkItem> & {
      readonly counts: Readonly<Partial<Record<Customers.WorkKind | "now" | "later", number>>>;
    };
  };
  "POST /worklist/{workId}/decide": { body: Customers.WorkDecision; answer: Customers.WorkItem };
  /** Undo of `decide` where the act can be undone. */
  "POST /worklist/{workId}/reopen": { answer: Customers.WorkItem };

  // customers; `q` is the clerk's search (name, sound, street, town, number, reference, amount), logged. export
  "GET /customers": {
    query: Q & {
      kind?: "consumer" | "business" | undefined;
      stage?: string | undefined;
      held?: "yes" | "no" | undefined;
      overdue?: "yes" | "no" | undefined;
      /** Ageing band by oldest due date, days from/to. */
      agefrom?: number | undefined;
      ageto?: number | undefined;
    };
    answer: L<Customers.CustomerRow>;
  };
  "GET /customers/{customerId}": { query: Creditor; answer: Customers.Customer };
  /** export */
  "GET /customers/{customerId}/items": {
    query: Q & { state?: "open" | "settled" | undefined };
    answer: L<Customers.Item>;
  };
  "GET /customers/{customerId}/items/{itemId}": { answer: Customers.ItemDetail };
  "GET /customers/{customerId}/statement-of-account": {
    query: { asOf?: string | undefined; creditor?: string | undefined; currency?: string | undefined };
    answer: Customers.StatementOfAccount;
  };
  /** export */
  "GET /customers/{customerId}/documents": { query: Q; answer: L<Customers.Document> };
  "POST /customers/{customerId}/holds": { body: Customers.NewHold; answer: Customers.Hold };
  "POST /customers/{customerId}/holds/{holdId}/end": { answer: Customers.Hold };
  "POST /customers/{customerId}/notes": { body: { text: string }; answer: { id: string } };
  "POST /customers/{customerId}/write-offs": { body: Customers.WriteOffProposal; answer: Customers.WorkItem };

  // bank
  "GET /bank/summary": { query: Creditor; answer: MoneyIn.BankSummary };
  /** export */
  "GET /bank/entries": {
    query: Q & {
      view?: MoneyIn.EntryView | undefined;
      statement?: string | undefined;
      /** Code of a `SureGroup`. */
      sure?: string | undefined;
      /** Days since booking, from/to. */
      agefrom?: number | undefined;
      ageto?: number | undefined;
    };
    answer: L<MoneyIn.BankEntryRow>;
  };
  "GET /bank/entries/{entryId}": { answer: MoneyIn.BankEntry };
  "POST /bank/entries/{entryId}/book": { body: MoneyIn.Booking; answer: MoneyIn.Booked };
  "POST /bank/entries/{entryId}/leave-open": { answer: Nothing };
  /** Undo of `book` and of `leave-open`: reversal, and the proposals are back. */
  "POST /bank/entries/{entryId}/reopen": { answer: MoneyIn.BankEntry };
  "GET /bank/sure": { query: Creditor; answer: readonly Matching.SureGroup[] };
  "POST /bank/book-sure": { body: Matching.BookSure; answer: Matching.BatchDone };
  /** Undo of `book-sure`. */
  "POST /bank/reopen": { body: { entryIds: readonly string[] }; answer: Matching.BatchDone };
  /** What matching learned. export */
  "GET /bank/accounts": { query: Q & { customer?: string | undefined }; answer: L<Matching.KnownAccount> };
  "POST /bank/accounts/{accountId}/forget": { body: { customerId: string }; answer: Matching.KnownAccount };
  /** Undo of `forget`. */
  "POST /bank/accounts/{accountId}/remember": { body: { customerId: string }; answer: Matching.KnownAccount };
  /** Without `month` the newest sample. */
  "GET /bank/review": { query: Creditor & { month?: string | undefined }; answer: Matching.MatchReview };
  /** null takes the verdict back; `wrong` does not undo the match, it opens the entry for it. */
  "POST /bank/review/{reviewId}": { body: { verdict: "right" | "wrong" | null }; answer: Matching.ReviewRow };
  "GET /bank/ageing": { query: Creditor; answer: readonly Matching.UnmatchedAgeing[] };
  /** export */
  "GET /bank/duplicate-payments": {
    query: Q & { state?: "open" | "decided" | undefined };
    answer: L<Matching.DuplicatePayment>;
  };
  "POST /bank/duplicate-payments/{workId}/decide": {
    body: { act: Matching.DuplicatePaymentAct };
    answer: Matching.DuplicatePayment;
  };
  /** Payouts of providers, newest first. export */
  "GET /bank/payouts": { query: Q & { state?: Matching.PayoutState | undefined }; answer: L<Matching.PayoutRow> };
  "GET /bank/payouts/{payoutId}": { answer: Matching.Payout };
  "POST /bank/payouts/{payoutId}/decide": { body: Matching.PayoutDecision; answer: Matching.Payout };
  "POST /bank/payouts/{payoutId}/lines/{line}/decide": { body: Matching.PayoutLineDecision; answer: Matching.Payout };
  /** export */
  "GET /bank/statements": { query: Q & { reconciles?: "yes" | "no" | undefined }; answer: L<MoneyIn.StatementRow> };

  // credit balances and refunds
  /** Oldest first. export */
  "GET /credit-balances": {
    query: Q & { agefrom?: number | undefined; ageto?: number | undefined };
    answer: L<Refunds.CreditBalance>;
  };
  /** export */
  "GET /refunds": { query: Q & { state?: Refunds.RefundState | undefined }; answer: L<Refunds.Refund> };
  "POST /refunds": { body: Refunds.NewRefund; answer: Refunds.Refund };
  "POST /refunds/{refundId}/decide": { body: { act: Refunds.RefundAct }; answer: Refunds.Refund };
  /** export */
  "GET /refund-files": { query: Q; answer: L<Refunds.RefundFile> };
  /** All approved refunds of a creditor that stand in no file yet; 409 `nothing_approved`. */
  "POST /refund-files": { body: { creditorId: string }; answer: Refunds.RefundFile };

  // reconciliation
  /** Without `day` the business date. */
  "GET /reconciliation": { query: Creditor & { day?: string | undefined }; answer: Reconciling.Reconciliation };
  /** export */
  "GET /reconciliation/differences": {
    query: Q & { state?: "open" | "done" | undefined };
    answer: L<Reconciling.Difference>;
  };
  "POST /reconciliation/differences/{workId}/decide": {
    body: { act: Reconciling.DifferenceAct; note: string | null };
    answer: Reconciling.Difference;
  };
  /** Waiting ones first. */
  "GET /reconciliation/vanished": { query: Creditor; answer: readonly Reconciling.VanishedStop[] };
  /** export */
  "GET /reconciliation/vanished/{stopId}/items": { query: Q; answer: L<Reconciling.VanishedItem> };
  "POST /reconciliation/vanished/{stopId}/decide": {
    body: Reconciling.VanishedDecision;
    answer: Reconciling.VanishedStop;
  };
  "GET /handback/pending": { query: Creditor; answer: readonly Reconciling.HandbackPending[] };
  /** export */
  "GET /handback/batches": { query: Q; answer: L<Reconciling.HandbackBatch> };
  "POST /handback/batches": { body: { creditorId: string }; answer: Reconciling.HandbackBatch };
  "POST /handback/batches/{batchId}/taken": { answer: Reconciling.HandbackBatch };

  // checks before dunning
  /** Blocking ones first; `counts` of the open ones ignore `rule` and `severity`. export */
  "GET /findings": {
    query: Q & {
      rule?: string | undefined;
      severity?: Checking.Severity | undefined;
      state?: Checking.FindingState | undefined;
      customer?: string | undefined;
    };
    answer: L<Checking.Finding> & { readonly counts: readonly Checking.FindingCount[] };
  };
  "POST /findings/{findingId}/decide": { body: Checking.FindingDecision; answer: Checking.Finding };
  /** Undo of `decide`. */
  "POST /findings/{findingId}/reopen": { answer: Checking.Finding };
  "GET /check-rules": { query: Creditor; answer: Checking.CheckRules };
  "PATCH /check-rules/{ruleKey}": { body: Checking.CheckRuleChange; answer: Checking.CheckRule };

  // duplicates
  /** Highest score first. export */
  "GET /duplicates": {
    query: Q & { certainty?: Duplicates.Certainty | undefined; state?: Duplicates.PairState | undefined };
    answer: L<Duplicates.DuplicateRow> & {
      readonly counts: Readonly<Partial<Record<Duplicates.Certainty | Duplicates.PairState, number>>>;
    };
  };
  "GET /duplicates/{pairId}": { answer: Duplicates.DuplicatePair };
  "POST /duplicates/{pairId}/decide": { body: Duplicates.PairDecision; answer: Duplicates.DuplicatePair };
  /** Undo of every decision, a merge too. */
  "POST /duplicates/{pairId}/undo": { answer: Duplicates.DuplicatePair };
  "GET /customers/{customerId}/related": { answer: Duplicates.Related };

  // orders; newest first. export
  "GET /customers/{customerId}/orders": { query: Q; answer: L<Orders.Order> };

  // where files come from
  "GET /sources": { query: Creditor; answer: Sources.Sources };
  /** Looks now. */
  "POST /sources/{sourceId}/fetch": { answer: Sources.Source };
  /** The last `days` days (default 42) of every account. */
  "GET /statement-days": {
    query: Creditor & { days?: number | undefined };
    answer: readonly Sources.AccountDays[];
  };
  "POST /statement-days/excuse": { body: Sources.ExcuseDay; answer: Sources.AccountDays };

  // files in (multipart, see ImportPreview)
  "POST /imports/preview": { body: FormData; answer: MoneyIn.ImportPreview };
  "POST /imports": { body: FormData; answer: MoneyIn.ImportJob };
  /** export */
  "GET /imports": { query: Q & { state?: string | undefined }; answer: L<MoneyIn.ImportJob> };
  "GET /imports/{importId}": { answer: MoneyIn.ImportJob };

  // runs; a creditor is needed for preview and start where the tenant has several
  /** export */
  "GET /runs": { query: Q & { state?: Outreach.RunState | undefined }; answer: L<Outreach.RunRow> };
  "GET /runs/preview": { query: Creditor & { date?: string | undefined }; answer: Outreach.RunPreview };
  /** export */
  "GET /runs/preview/rows": {
    query: Q & {
      result?: "contact" | "wait" | "blocked" | undefined;
      stage?: string | undefined;
      ground?: string | undefined;
    };
    answer: L<Outreach.RunPreviewRow>;
  };
  /** Starting a run that exists resumes it and answers 200 instead of 201. */
  "POST /runs": { body: { creditorId: string; date?: string }; answer: Outreach.Run };
  "GET /runs/{runId}": { answer: Outreach.Run };
  "POST /runs/{runId}/recall": { answer: Outreach.Recalled };

  // messages; filter by customer, run, state. export
  "GET /messages": {
    query: Q & {
      state?: Outreach.MessageState | undefined;
      channel?: Basics.Channel | undefined;
      customer?: string | undefined;
      run?: string | undefined;
      local?: "yes" | "no" | undefined;
    };
    answer: L<Outreach.MessageRow>;
  };
  "GET /messages/{messageId}": { answer: Outreach.Message };
  "POST /messages/{messageId}/decide": { body: { decision: Outreach.ParkedDecision }; answer: Outreach.Message };
  /** The mail bounced or the letter was returned; saying it twice changes nothing. */
  "POST /messages/{messageId}/bounced": { answer: Outreach.Message };
  /** Days of the last month, newest first. */
  "GET /print-batches": { query: Creditor; answer: readonly Outreach.PrintDay[] };

  // strategies
  /** export */
  "GET /strategies": { query: Q; answer: L<Outreach.StrategyRow> };
  "GET /strategies/{strategyId}": { query: { version?: number | undefined }; answer: Outreach.Strategy };
  /** Test message of a stage to the signed-in user's own address. */
  "POST /strategies/{strategyId}/stages/{stageKey}/test": {
    body: { language: Basics.Language };
    answer: { messageId: string; sentTo: string };
  };

  // people and keys (admin), audit (admin, auditor)
  /** export */
  "GET /users": { query: Q; answer: L<Sessions.User> };
  "POST /users": { body: Sessions.NewUser; answer: { user: Sessions.User; link: Sessions.OneTimeLink } };
  "PATCH /users/{userId}": { body: Sessions.UserChange; answer: Sessions.User };
  "POST /users/{userId}/sign-in-link": { answer: Sessions.OneTimeLink };
  /** export */
  "GET /api-keys": { query: Q; answer: L<Sessions.ApiKey> };
  "POST /api-keys": { body: Sessions.NewApiKey; answer: { key: Sessions.ApiKey; secret: string } };
  "DELETE /api-keys/{keyId}": { answer: Nothing };
  /** export */
  "GET /audit": {
    query: Q & {
      actor?: string | undefined;
      act?: string | undefined;
      from?: string | undefined;
      to?: string | undefined;
    };
    answer: L<Sessions.AuditEntry>;
  };
  "POST /audit/verify": { answer: Sessions.AuditVerified };
}

/**
 * Answers that aren't JSON, plain links of the page:
 * `GET /customers/{customerId}/statement-of-account.pdf?asOf=&creditor=&currency=&language=` (PDF/A),
 * `GET /documents/{documentId}` (the file; `content-disposition: inline` for PDF and images, else attachment),
 * `GET /messages/{messageId}/preview`, `/letter.pdf`, `/letter.svg`, all `…/export`,
 * `GET /refund-files/{fileId}/pain.xml`, `GET /handback/batches/{batchId}/file?format=datev|csv`,
 * `GET /print-batches/{day}?part=&creditor=` (letters of a day as one PDF),
 * `GET /customers/{customerId}/claim.pdf?creditor=` (statement of the claim, later; the console shows no link before),
 * and the event streams `GET /runs/{runId}/events`, `GET /imports/{importId}/events`.
 */
export type Files = never;
