/**
 * The columns of banks as their public descriptions show them, with rows of our own. A row of what is wanted: day of
 * booking, value date, signed amount, who, their account, what the text contains. A dash is: the layout has none.
 */
import { type Encoding, encoded } from "../encodings.ts";

export type Wanted = readonly [string, string, string, string | null, string | null, string];
export interface BankLayout {
  readonly bank: string;
  readonly encoding?: Encoding;
  readonly lines: readonly string[];
  readonly account: string | null;
  readonly currency: string | null;
  readonly opening: string | null;
  readonly closing: string | null;
  readonly wanted: readonly Wanted[];
}

export const bytesOf = ({ lines, encoding }: BankLayout): Uint8Array =>
  encoded(`${lines.join("\r\n")}\r\n`, encoding ?? "utf-8");

export const OWN = "DE02120300000000202051";
export const ADA = "DE89370400440532013000";
export const NL = "NL91ABNA0417164300";
export const BO = "NL20INGB0001234567";
export const AT = "AT611904300234573201";
export const CH = "CH9300762011623852957";
