/** Payment advices, whichever way they are written. */
import type { Result } from "../../kernel/index.ts";
import type { CsvFailure } from "../table/csv.ts";
import { decodeText } from "../text/encoding.ts";
import type { PaymentAdvices } from "./model.ts";
import { isEdifact, readRemadv, type RemadvFailure } from "./remadv.ts";
import { type AdviceTableFailure, readAdviceTable } from "./table.ts";

export type AdviceFailure = RemadvFailure | AdviceTableFailure | CsvFailure;

/** REMADV or CSV. Errors: of `readRemadv` and `readAdviceTable`. */
export const readAdvices = (bytes: Uint8Array): Result<PaymentAdvices, AdviceFailure> =>
  isEdifact(decodeText(bytes.subarray(0, 400)).text) ? readRemadv(bytes) : readAdviceTable(bytes);
