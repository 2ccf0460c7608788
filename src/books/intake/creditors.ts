/** Whose money a file is about, and which brand's: said by the caller, by account, by brand, or because there is only one. */
import { type Brand, brands, type Creditor, creditorOfAccount, creditors } from "../customers/index.ts";
import type { Act } from "../../platform/access/index.ts";
import { type CreditorId, type Failure, fail, ok, type Result } from "../../pure/kernel/index.ts";

export type CreditorFailure = Failure<
  "creditor_unknown" | "brand_unknown" | "account_unknown" | "creditor_without_brand"
>;

export interface Books {
  readonly creditors: readonly Creditor[];
  readonly brands: readonly Brand[];
}

export async function readBooks(act: Act): Promise<Books> {
  const open = (await creditors(act)).filter(({ closedAt }) => closedAt === undefined);
  return { creditors: open, brands: await brands(act) };
}

/** Failures `creditor_unknown`: the one named is none of this tenant, or none is named and there are several. */
export function creditorNamed(books: Books, named: CreditorId | undefined): Result<Creditor, CreditorFailure> {
  if (named !== undefined) {
    const found = books.creditors.find(({ creditorId }) => creditorId === named);
    return found ? ok(found) : fail("not_found", "creditor_unknown", "There is no such creditor.", "creditor");
  }
  const [only, another] = books.creditors;
  if (only && !another) return ok(only);
  return fail("invalid", "creditor_unknown", "The file does not say whose money it is; name the creditor.", "creditor");
}

/** The creditor paid on an account; the one named when no creditor has the account on file. */
export async function creditorOfStatement(
  act: Act,
  account: string,
  named: CreditorId | undefined,
): Promise<Result<CreditorId, CreditorFailure>> {
  const owner = await creditorOfAccount(act, account);
  if (owner !== undefined) {
    if (named !== undefined && named !== owner)
      return fail(
        "conflict",
        "account_unknown",
        "The account of this statement belongs to another creditor.",
        "account",
      );
    return ok(owner);
  }
  if (named !== undefined) return ok(named);
  return fail(
    "invalid",
    "account_unknown",
    `No creditor has the account that ends in ${account.slice(-4)}; add it to one, or name the creditor.`,
    "account",
  );
}

const folded = (text: string): string =>
  text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");

/** A brand by code or name. Failure `brand_unknown`. */
export function brandNamed(books: Books, text: string): Result<Brand, CreditorFailure> {
  // The code is unique, a name may be another brand's code.
  const wanted = folded(text);
  const found =
    books.brands.find(({ code }) => folded(code) === wanted) ??
    books.brands.find(({ name }) => folded(name) === wanted);
  return found
    ? ok(found)
    : fail("invalid", "brand_unknown", "The brand is none of ours; brands are named by their code.", "brand");
}

/** The creditor's brand of one of these names, else its first. Failure `creditor_without_brand`. */
export function brandOfCreditor(
  books: Books,
  creditorId: CreditorId,
  names: readonly (string | null)[] = [],
): Result<Brand, CreditorFailure> {
  const own = books.brands.filter((brand) => brand.creditorId === creditorId);
  const wanted = names.flatMap((name) => (name === null ? [] : [folded(name)]));
  const found = own.find(({ code, name }) => wanted.includes(folded(name)) || wanted.includes(folded(code))) ?? own[0];
  return found ? ok(found) : fail("conflict", "creditor_without_brand", "The creditor has no brand yet.", "creditor");
}

export { folded };
