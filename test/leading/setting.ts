/** A creditor whose ERP leads, lists of open items as text, and ways to look at what became of them. */
import { importFile } from "../../src/books/intake/index.ts";
import { receivablesOf } from "../../src/books/receivables/index.ts";
import { findCustomersBy } from "../../src/books/customers/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import type { CustomerId } from "../../src/pure/kernel/index.ts";
import { type Books, openBooks, SYSTEM } from "../books/books.ts";

export const HEADER =
  "customer_number,kind,first_name,name,street,postcode,city,invoice_number,issue_date,due_date,amount,currency";

export interface Line {
  readonly number: string;
  readonly amount: string;
  readonly customer?: string;
  readonly due?: string;
  readonly issued?: string;
}

export const list = (lines: readonly Line[]): string =>
  [
    HEADER,
    ...lines.map(({ number, amount, customer = "K-1", due = "2026-04-15", issued = "2026-04-01" }) =>
      [
        customer,
        "consumer",
        "Erika",
        "Musterfrau",
        "Heidestr. 17",
        "51147",
        "Köln",
        number,
        issued,
        due,
        amount,
        "EUR",
      ].join(","),
    ),
    "",
  ].join("\n");

export async function openLed(leads: "erp" | "kulanz" | "portal", settings: object = {}): Promise<Books> {
  const books = await openBooks({ settings: settings as Readonly<Record<string, unknown>> });
  await books.act((act) =>
    act.tx.execute(sql`update creditor set leads = ${leads} where tenant_id = ${act.tx.tenantId}`),
  );
  return books;
}

export const put = (books: Books, name: string, content: string | Buffer, more: object = {}) =>
  importFile(books.platform, books.tenantId, SYSTEM, { name, content: Buffer.from(content), ...more });

export async function customerOf(books: Books, number = "K-1"): Promise<CustomerId> {
  const id = (await books.act((act) => findCustomersBy(act, "customer_number", [number]))).get(number)?.[0];
  if (!id) throw new Error(`no customer ${number}`);
  return id;
}

/** Open amounts by number, minor units. */
export async function openOf(books: Books, customer = "K-1"): Promise<Record<string, string>> {
  const id = await customerOf(books, customer);
  const items = await books.act((act) => receivablesOf(act, id));
  return Object.fromEntries(items.map(({ number, openTotal }) => [number, openTotal.toString()]).sort());
}
