/** What a bank says about payments and direct debits that were handed to it (pain.002), before or instead of a booking. */
import type { Failure } from "../../../kernel/index.ts";
import type { ReadWarning, ReturnReason, StatementAmount, TransactionParty } from "../statement.ts";

/** One status: of the whole order file, of one of its batches, or of one payment. */
export interface PaymentStatus {
  readonly level: "file" | "batch" | "payment";
  /** Line of the file where it starts. */
  readonly line: number;
  /** ISO 20022 code: `RJCT` refused, `ACCP`, `ACSC`, `PDNG`, … ; null when only reasons are given. */
  readonly status: string | null;
  /** Empty for accepted payments. */
  readonly reasons: readonly ReturnReason[];
  /** Of the order: message, batch (`PmtInfId`) and message kind (`pain.008.001.02`). */
  readonly originalMessageId: string | null;
  readonly originalBatchId: string | null;
  readonly originalMessageName: string | null;
  /** `NOTPROVIDED` is given as null. */
  readonly endToEndId: string | null;
  readonly instructionId: string | null;
  readonly mandateId: string | null;
  /** As ordered. */
  readonly amount: StatementAmount | null;
  /** Day of collection or execution that was asked for. */
  readonly requestedOn: string | null;
  readonly remittance: readonly string[];
  readonly payer: TransactionParty;
  readonly payee: TransactionParty;
}

/** After `failed` nothing comes; without it, `end` is the last. */
export type PaymentStatusEvent =
  | { readonly kind: "format"; readonly format: string }
  | { readonly kind: "status"; readonly status: PaymentStatus }
  | { readonly kind: "warning"; readonly warning: ReadWarning }
  | { readonly kind: "end" }
  | { readonly kind: "failed"; readonly error: Failure };
