/**
 * The first line of a DATEV file: https://developer.datev.de/de/file-format/details/datev-format/format-description/header.
 * Versions 510 to 700; later ones added columns behind and changed none.
 */
import { type Failure, fail, ok, type PlainDate, plainDate, type Result } from "../../kernel/index.ts";
import type { ReadWarning } from "../bank/statement.ts";

export type DatevFailure = Failure<
  | "datev_empty"
  | "datev_header_invalid"
  | "datev_version_not_supported"
  | "datev_columns_missing"
  | "datev_broken"
  | "datev_category_not_supported"
>;

/** Kinds of file (Formatkategorie). */
export const DATEV_CATEGORIES = { accounts: 16, labels: 20, bookings: 21, addresses: 48 } as const;

export interface DatevHeader {
  /** `EXTF` from other programs, `DTVF` from DATEV itself. */
  readonly mark: "EXTF" | "DTVF";
  readonly version: number;
  /** See `DATEV_CATEGORIES`. */
  readonly category: number;
  readonly formatName: string;
  readonly formatVersion: number;
  /** Beraternummer and Mandantennummer, as written. */
  readonly consultant: string;
  readonly client: string;
  readonly fiscalYearStart: PlainDate | null;
  /** Digits of a general ledger account (4 to 8); personal accounts have one more. */
  readonly accountLength: number | null;
  /** Period of a batch of bookings. */
  readonly from: PlainDate | null;
  readonly to: PlainDate | null;
  readonly label: string | null;
  /** ISO 4217; bookings without one of their own are in it. */
  readonly currency: string | null;
  /** Chart of accounts, `03` or `04`. */
  readonly chart: string | null;
  /** Every field as written. */
  readonly fields: readonly string[];
}

const compactDay = (text: string): PlainDate | null => {
  const day = plainDate(text.trim().replace(/^(\d{4})(\d{2})(\d{2})$/, "$1-$2-$3"));
  return day.ok ? day.value : null;
};

export const isDatevHead = (text: string): boolean => /^\s*"?(EXTF|DTVF)"?;/.test(text);

export function readDatevHeader(fields: readonly string[], warnings: ReadWarning[]): Result<DatevHeader, DatevFailure> {
  const field = (index: number): string => fields[index]?.trim() ?? "";
  const mark = field(0);
  if (mark !== "EXTF" && mark !== "DTVF")
    return fail("invalid", "datev_header_invalid", "The file doesn't start with EXTF or DTVF.", "1:1");
  const version = Number(field(1));
  const category = Number(field(2));
  if (!/^\d{3,4}$/.test(field(1)) || !/^\d{1,3}$/.test(field(2)))
    return fail("invalid", "datev_header_invalid", "Version and kind of the file are not numbers.", "1:2");
  if (version < 300 || version >= 1000)
    return fail("invalid", "datev_version_not_supported", `DATEV files of version ${version} can't be read.`, "1:2");
  // Some programs write one empty field too many in front of the consultant's number; then all the rest is one further.
  let shift = 0;
  if (!/^\d$/.test(field(13)) && /^\d$/.test(field(14)) && compactDay(field(13)) !== null) {
    shift = 1;
    warnings.push({
      code: "datev_header_shifted",
      message: "The first line has one field too many before the consultant's number; it was left out.",
      where: "1:11",
    });
  }
  const at = (index: number): string => field(index + shift);
  const length = /^[4-8]$/.test(at(13)) ? Number(at(13)) : null;
  if (length === null && at(13) !== "")
    warnings.push({
      code: "datev_account_length_invalid",
      message: "The length of account numbers is not 4 to 8; it was left out.",
      where: "1:14",
    });
  return ok({
    mark,
    version,
    category,
    formatName: field(3),
    formatVersion: Number(field(4)) || 0,
    consultant: at(10),
    client: at(11),
    fiscalYearStart: compactDay(at(12)),
    accountLength: length,
    from: compactDay(at(14)),
    to: compactDay(at(15)),
    label: at(16) || null,
    currency: [at(21), at(20), at(22)].find((text) => /^[A-Z]{3}$/.test(text)) ?? null,
    chart: /^\d{2}$/.test(at(26)) ? at(26) : null,
    fields,
  });
}

/** `DATEV EXTF 700 Buchungsstapel`. */
export const datevFormat = ({ mark, version, formatName }: DatevHeader): string =>
  `DATEV ${mark} ${version} ${formatName}`.trim();
