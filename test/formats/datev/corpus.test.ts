import { describe, expect, test } from "vitest";
import { addDecimals, ZERO } from "../../../src/pure/formats/bank/statement.ts";
import { datevBookings } from "../../../src/pure/formats/datev/bookings.ts";
import { datevCustomers } from "../../../src/pure/formats/datev/customers.ts";
import { readDatevFile } from "../../../src/pure/formats/datev/file.ts";
import { DATEV_CATEGORIES } from "../../../src/pure/formats/datev/header.ts";
import { datevReceivables } from "../../../src/pure/formats/datev/receivables.ts";
import { type Decimal, formatDecimal } from "../../../src/pure/kernel/index.ts";
import { corpusBytes, hasShared, sharedJson } from "../corpus.ts";

interface Expected {
  encoding_detected: string;
  header: string;
  version: string;
  category: string;
  format_name: string;
  format_version: string;
  berater: string;
  mandant: string;
  wj_beginn: string;
  sachkontenlaenge: string;
  columns: number;
  records: number;
  sum_S?: string;
  sum_H?: string;
  bad_amounts?: number;
}

describe.skipIf(!hasShared)("DATEV files of other makers", () => {
  const files = hasShared ? Object.entries(sharedJson("corpora/expected_datev.json") as Record<string, Expected>) : [];
  test("there are some", () => expect(files.length).toBeGreaterThan(10));
  test.each(files)("%s", (path, expected) => {
    const read = readDatevFile(corpusBytes(path));
    if (!read.ok) throw new Error(read.error.code);
    const { header, columns, records, encoding } = read.value;
    const rows = header.category === DATEV_CATEGORIES.bookings ? [...datevBookings(read.value)] : [];
    const sum = (side: string): Decimal =>
      rows.reduce((so, { booking }) => (booking?.side === side ? addDecimals(so, booking.amount) : so), ZERO);
    // The places of the first line as they stand, also where a file has one field too many.
    expect({
      encoding_detected: encoding === "utf-8" ? "utf-8" : "cp1252",
      header: header.mark,
      version: `${header.version}`,
      category: `${header.category}`,
      format_name: header.formatName,
      format_version: `${header.formatVersion}`,
      berater: header.fields[10],
      mandant: header.fields[11],
      wj_beginn: header.fields[12],
      sachkontenlaenge: header.fields[13],
      columns: columns.length,
      records: records.length,
      ...(rows.length > 0
        ? {
            sum_S: formatDecimal(sum("S")),
            sum_H: formatDecimal(sum("H")),
            bad_amounts: rows.filter(({ booking }) => booking === null).length,
          }
        : {}),
    }).toMatchObject(
      Object.fromEntries(Object.entries(expected).filter(([name]) => !["crlf", "rows_total"].includes(name))),
    );
  });
  test("movements of customers come out of a batch, customers out of master data", () => {
    const batch = readDatevFile(corpusBytes(files.find(([, one]) => one.category === "21")?.[0] ?? ""));
    if (!batch.ok) throw new Error(batch.error.code);
    const { movements, items } = datevReceivables(batch.value);
    expect(movements.length).toBeGreaterThan(5);
    expect(items.length).toBeGreaterThan(5);
    const master = readDatevFile(corpusBytes(files.find(([, one]) => one.category === "16")?.[0] ?? ""));
    if (!master.ok) throw new Error(master.error.code);
    const { customers, failed } = datevCustomers(master.value);
    expect({ customers: customers.length, failed }).toEqual({ customers: 4, failed: 0 });
    for (const { ibans, postcode } of customers) expect([ibans.length, postcode?.length]).toEqual([5, 5]);
  });
});
