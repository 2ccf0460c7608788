/** A statement of account as `statement.typ` prints it, and what it is printed from. */
import type { Act } from "../../../platform/access/index.ts";
import { brands, creditor, customerFacts, openIdentities } from "../../../books/customers/index.ts";
import { statementsOfAccount, type StatementOfAccount, type StatementQuery } from "../../../books/receivables/index.ts";
import { type CustomerId, type Failure, fail, type Instant, type Result } from "../../../pure/kernel/index.ts";
import { publishedBrand, type PublishedBrand } from "../brands.ts";
import { recipientOf } from "../composing/recipient.ts";
import type { LetterPrinter } from "../rendering/letter-printer.ts";
import type { LetterData } from "../rendering/letter.ts";
import type { Language } from "../templates/formats.ts";
import { tellStatement, type ToldStatement } from "./told.ts";

/** Names and shape as in `statement.typ`. */
export interface StatementPaper
  extends Pick<LetterData, "language" | "title" | "brand" | "back" | "address" | "facts" | "footer" | "page"> {
  readonly subject: string;
  readonly lead: string;
  readonly nothing: string | null;
  readonly sums: {
    readonly title: string;
    readonly rows: readonly (readonly [string, string])[];
    readonly together: readonly [string, string];
  };
  readonly columns: readonly string[];
  readonly interestTitle: string;
  readonly interestColumns: readonly string[];
  readonly items: readonly {
    readonly title: string;
    readonly facts: string;
    readonly rows: readonly {
      readonly cells: readonly [
        on: string,
        what: string,
        principal: string,
        interest: string,
        costs: string,
        open: string,
      ];
      readonly note: string;
    }[];
    readonly accrued: readonly [string, string] | null;
    readonly total: readonly [string, string];
    readonly interest: { readonly rows: readonly (readonly string[])[]; readonly lines: readonly string[] } | null;
    readonly noInterest: string;
  }[];
  readonly payments: { readonly title: string; readonly rows: ToldStatement["payments"] } | null;
  readonly notes: readonly string[];
} // prettier-ignore

interface PaperFrame {
  readonly brand: PublishedBrand;
  readonly creditor: { readonly name: string; readonly address: string; readonly legalFooter: string };
  readonly address: readonly string[];
  readonly customerNumber: string;
}

function paperOf(told: ToldStatement, frame: PaperFrame): StatementPaper {
  const { words, language } = told;
  const { brand } = frame;
  return {
    language,
    title: `${brand.name}, ${words.title}`,
    brand: {
      name: brand.name,
      claim: brand.look.claim ?? null,
      colour: brand.look.colours.light.text,
      rule: brand.look.colours.light.edge,
      logo: brand.look.logo ?? null,
    },
    back: [brand.name, frame.creditor.address].filter(Boolean).join(" · "),
    address: frame.address,
    facts: [
      [words.customer, frame.customerNumber],
      [words.creditor, frame.creditor.name],
      [words.asOf, told.asOf],
    ],
    subject: words.subject(told.total, told.asOf),
    lead: words.lead,
    nothing: told.items.length === 0 ? words.nothing : null,
    sums: { title: words.sums, rows: told.sums, together: [words.together, told.total] },
    columns: words.columns,
    interestTitle: words.interest,
    interestColumns: words.interestColumns,
    items: told.items.map((item) => ({
      title: item.title,
      facts: item.facts,
      rows: item.movements.map((one) => ({
        cells: [one.on, one.what, one.principal, one.interest, one.costs, one.open],
        note: one.note,
      })),
      accrued: item.accrued,
      total: [words.itemTotal, item.total],
      interest: item.interest && {
        rows: item.interest.rows.map((row) => [row.period, row.days, row.rate, row.base, row.sum]),
        lines: item.interest.lines,
      },
      noInterest: item.noInterest,
    })),
    payments: told.payments.length === 0 ? null : { title: words.payments, rows: told.payments },
    notes: told.notes,
    footer: [[frame.creditor.legalFooter]],
    page: words.page,
  };
}

/**
 * Statements of account of a customer as one PDF/A, in the customer's language unless another is asked for.
 * Errors: those of `statementsOfAccount`, `statement_empty` (there is no statement of this creditor and currency) and those of the
 * printer.
 */
export async function printStatements(
  act: Act,
  printer: Pick<LetterPrinter, "renderStatements">,
  customerId: CustomerId,
  query: StatementQuery,
  wanted?: Language,
): Promise<Result<Uint8Array, Failure>> {
  const statements = await statementsOfAccount(act, customerId, query);
  if (!statements.ok) return statements;
  if (statements.value.length === 0)
    return fail("not_found", "statement_empty", "This customer has no items to state.", customerId);
  const papers: StatementPaper[] = [];
  for (const statement of statements.value) papers.push(await composed(act, statement, wanted));
  // Midnight of the statement's day: printing it again gives the same bytes.
  return printer.renderStatements(papers, new Date(`${statements.value[0]?.asOf ?? ""}T00:00:00Z`) as Instant);
}

async function composed(
  act: Act,
  statement: StatementOfAccount,
  wanted: Language | undefined,
): Promise<StatementPaper> {
  const { customerId, creditorId } = statement;
  const facts = (await customerFacts(act, [customerId])).get(customerId);
  const identity = (await openIdentities(act, [customerId])).get(customerId);
  const brand = (await brands(act)).find((one) => one.brandId === statement.brandId);
  if (!facts || !brand) throw new Error("a statement without its customer or brand");
  const of = await creditor(act, creditorId);
  const { to } =
    identity === undefined
      ? { to: {} as { address?: readonly string[] } }
      : await recipientOf(act, customerId, identity, "letter", statement.asOf);
  return paperOf(tellStatement(statement, wanted ?? facts.language), {
    brand: publishedBrand(brand),
    creditor: {
      name: of.name,
      address: [of.address.street, [of.address.postcode, of.address.city].filter(Boolean).join(" ")]
        .filter(Boolean)
        .join(", "),
      legalFooter: of.legalFooter,
    },
    address: to.address ?? [],
    customerNumber: facts.number,
  });
} // prettier-ignore
