/** From an electronic invoice (EN 16931) to a customer and a receivable. */
import {
  agreedDueDate,
  discountsIn,
  type InvoiceDocument,
  type InvoiceParty,
  isVatId,
  type ReadWarning,
} from "../../pure/formats/index.ts";
import {
  addDays,
  currency as currencyOf,
  dateIn,
  type Failure,
  minDate,
  moneyFromDecimal,
  ok,
  type PlainDate,
  type ReceivableId,
  type Result,
} from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import { checkItems, stateFinding } from "../checking/index.ts";
import {
  creditorOfAccount,
  type CustomerInput,
  type CustomerKind,
  type Creditor,
  takeCustomers,
} from "../customers/index.ts";
import {
  allocateAnew,
  applyCreditNote,
  applyStated,
  attachDocument,
  discountTermsOf,
  keepCases,
  type ReceivableInput,
  receivables,
  takeReceivables,
} from "../receivables/index.ts";
import { type Books, brandOfCreditor, creditorNamed, folded, readBooks } from "./creditors.ts";
import type { FileInput } from "./model.ts";

const LEGAL_FORM =
  /\b(gmbh|mbh|ag|kg|kgaa|ohg|gbr|ug|se|e\.? ?v\.?|e\.? ?g\.?|e\.? ?k\.?|ltd|inc|llc|b\.?v\.?|s\.?a\.?|s\.?r\.?l\.?|stiftung|stadt|gemeinde|landkreis|amt|universität|verein|praxis|kanzlei|genossenschaft)\b/iu;

/** A buyer with a tax or register number, a routing id or a legal form is a business; in doubt a consumer, who is protected. */
export function kindOf(buyer: InvoiceParty, buyerReference: string | null): CustomerKind {
  const stated =
    buyer.vatId !== null ||
    buyer.taxNumber !== null ||
    buyer.legalId !== null ||
    /^\d{2,12}-[\w-]+-\d{2}$/.test(buyerReference ?? "");
  return stated || LEGAL_FORM.test(`${buyer.name ?? ""} ${buyer.tradingName ?? ""}`) ? "business" : "consumer";
}

/** Days to pay when an invoice names no due date: after them default begins without notice (§ 286 III BGB). */
const DAYS_WITHOUT_DUE_DATE = 30;
/** Of lines that don't fit their price. */
const LINES_TOLD = 5;

/**
 * The day an invoice is due: of several stated days the last, because earlier ones are those of a discount; else what its
 * terms say. Null when it says nothing, or counts from its receipt, which nobody knows here.
 */
export function dueOnInvoice(invoice: Pick<InvoiceDocument, "dueDates" | "issueDate" | "terms">): PlainDate | null {
  const due = agreedDueDate(invoice);
  return due && due.basis !== "terms_days_from_receipt" && due.basis !== "terms_at_once" ? due.date : null;
}

/** UNTDID 4461: direct debit, SEPA direct debit. */
const DIRECT_DEBIT = new Set(["49", "59"]);

/** The number a customer has with us: the seller's own for the buyer, the buyer's reference, else made from name and address. */
async function customerNumber(act: Act, invoice: InvoiceDocument): Promise<string> {
  const { buyer, buyerReference } = invoice;
  const stated = buyer.identifiers.find(({ id }) => id.trim() !== "")?.id ?? buyerReference ?? "";
  if (stated.trim() !== "") return stated.trim().slice(0, 60);
  // Keyed, because the number stands in plain text: nobody can check a guessed name against it.
  const { name, address } = buyer;
  const seal = await act.vault.forTenant(act.tx);
  const token = seal.lookupToken(
    "invoice_buyer",
    [name, address.postcode, address.street].map((part) => folded(part ?? "")).join("|"),
  );
  return `E-${(token.readBigUInt64BE(0) % 10n ** 12n).toString().padStart(12, "0")}`;
}

function customerInput(number: string, invoice: InvoiceDocument): CustomerInput {
  const { buyer } = invoice;
  const kind = kindOf(buyer, invoice.buyerReference);
  const { address } = buyer;
  const country = address.country ?? "DE";
  const words = (buyer.name ?? buyer.tradingName ?? number).trim().split(/\s+/);
  const person =
    kind === "consumer" && words.length > 1
      ? { firstName: words.slice(0, -1).join(" "), name: words.at(-1) ?? "" }
      : null;
  const name = words.join(" ");
  const street = [address.street, ...address.additional].filter((line) => line !== null && line !== "").join(", ");
  const complete = street !== "" && address.postcode !== null && address.city !== null;
  return {
    number,
    kind,
    language: ["DE", "AT", "CH", "LI"].includes(country) ? "de" : "en",
    country,
    identity: {
      ...(person ?? (kind === "business" ? { company: name } : { name })),
      addresses: complete ? [{ street, postcode: address.postcode ?? "", city: address.city ?? "", country }] : [],
    },
    ...(buyer.email === null ? {} : { email: buyer.email }),
    ...(buyer.phone === null ? {} : { phone: buyer.phone }),
    brandIds: [],
  };
}

/** The creditor by the account to be paid to, the caller's word, the seller's name, or because there is only one. */
async function creditorOfInvoice(
  act: Act,
  books: Books,
  invoice: InvoiceDocument,
  input: FileInput,
): Promise<Result<Creditor, Failure>> {
  if (input.creditorId === undefined) {
    const byAccount = invoice.iban === null ? undefined : await creditorOfAccount(act, invoice.iban);
    const sellers = [invoice.seller.name, invoice.seller.tradingName].flatMap((name) =>
      name === null ? [] : [folded(name)],
    );
    const found =
      books.creditors.find(({ creditorId }) => creditorId === byAccount) ??
      books.creditors.find(({ name }) => sellers.includes(folded(name))) ??
      books.creditors.find(({ creditorId }) =>
        books.brands.some((brand) => brand.creditorId === creditorId && sellers.includes(folded(brand.name))),
      );
    if (found) return ok(found);
  }
  return creditorNamed(books, input.creditorId);
}

export interface InvoiceTaken {
  readonly new: number;
  readonly known: number;
  readonly warnings: readonly ReadWarning[];
}

/**
 * Takes an invoice in with its customer and the original document. Failures: `creditor_unknown`,
 * `creditor_without_brand`, `currency_unknown`, `amount_too_precise`, `amount_too_large`, those of `takeReceivables`.
 */
export async function takeInvoice(
  act: Act,
  invoice: InvoiceDocument,
  bytes: Uint8Array,
  input: FileInput,
  fingerprint: Buffer,
): Promise<Result<InvoiceTaken, Failure>> {
  const books = await readBooks(act);
  const creditor = await creditorOfInvoice(act, books, invoice, input);
  if (!creditor.ok) return creditor;
  const { creditorId, zone } = creditor.value;
  const brand = brandOfCreditor(books, creditorId, [invoice.seller.tradingName, invoice.seller.name]);
  if (!brand.ok) return brand;
  const code = currencyOf(invoice.currency);
  if (!code.ok) return code;
  const payable = moneyFromDecimal(invoice.payable, code.value);
  if (!payable.ok) return payable;
  const { minor } = payable.value;
  if (minor === 0n) {
    // Prepaid in full: nothing to see through to being paid, and no failure of the file.
    const message = "Nothing is left to pay on this invoice; no item was made of it.";
    return ok({ new: 0, known: 0, warnings: [{ code: "nothing_to_pay", message, where: "BT-115" }] });
  }

  const warnings: ReadWarning[] = [];
  const today = dateIn(act.tx.now, zone);
  const issuedOn: PlainDate = invoice.issueDate ?? today;
  const dueOn = dueOnInvoice(invoice);
  if (dueOn === null)
    warnings.push({
      code: "due_date_missing",
      message: `The invoice names no due date; ${DAYS_WITHOUT_DUE_DATE} days after its date were taken.`,
      where: "BT-9",
    });
  const stated = dueOn ?? addDays(issuedOn, DAYS_WITHOUT_DUE_DATE);
  if (stated < issuedOn)
    warnings.push({
      code: "due_before_issue",
      message: "The due date lies before the invoice date, which was taken.",
      where: "BT-9",
    });

  const number = await customerNumber(act, invoice);
  const customer = { ...customerInput(number, invoice), brandIds: [brand.value.brandId] };
  const taken = (await takeCustomers(act, [customer])).get(number);
  if (!taken) throw new Error("the customer of an invoice was not taken in");
  const receivable: ReceivableInput = {
    customerId: taken.customerId,
    ...(taken.filedUnder !== undefined && { filedUnder: taken.filedUnder }),
    creditorId,
    brandId: brand.value.brandId,
    // A negative invoice owes the customer as a credit note does.
    itemKind: invoice.creditNote !== minor < 0n ? "credit_note" : "invoice",
    number: invoice.number,
    ...(invoice.orderReference === null ? {} : { orderNumber: invoice.orderReference }),
    claimKind: "sale",
    paymentClaim: true,
    customerKind: customer.kind,
    amountMinor: minor < 0n ? -minor : minor,
    currency: code.value,
    issuedOn,
    aroseOn: invoice.deliveredOn ?? issuedOn,
    dueOn: stated < issuedOn ? issuedOn : stated,
    // A date on the invoice is the seller's word; an agreement stands in the contract (§ 286 II Nr. 1 BGB).
    dueDateAgreed: false,
    notice30Days: false,
    directDebit: DIRECT_DEBIT.has(invoice.paymentMeans ?? ""),
    discountTerms: discountTermsOf(discountsIn(invoice.terms ?? ""), code.value),
    sourceFile: fingerprint,
  };
  const result = await takeReceivables(act, [receivable]);
  const [refused] = result.refused;
  if (refused) return { ok: false, error: refused.failure };
  const stored = result.byIndex.get(0);
  if (stored && !stored.known) {
    const document = {
      customerId: taken.customerId,
      receivableId: stored.receivableId,
      kind: "original_invoice" as const,
      mediaType: Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 1_024)).includes("%PDF-")
        ? "application/pdf"
        : "application/xml",
      bytes,
    };
    await attachDocument(act, document);
  }
  if (result.differing.length > 0 && stored) {
    const { receivableId } = stored;
    warnings.push(await correctItem(act, receivable, receivableId, fingerprint));
  }
  if (stored && !stored.known && receivable.itemKind === "credit_note")
    warnings.push(...(await applyNote(act, invoice, receivable, stored.receivableId, fingerprint)));
  if (stored) {
    const item = { customerId: taken.customerId, receivableId: stored.receivableId, creditorId };
    const place = invoice.sumsThatFail.join(", ");
    await stateFinding(act, item, "arithmetic", place === "" ? null : { place });
    const lines = invoice.linesThatFail.slice(0, LINES_TOLD).join(", ");
    await stateFinding(act, item, "line_price", lines === "" ? null : { lines });
    const ids = [
      ["BT-31", invoice.seller.vatId],
      ["BT-48", invoice.buyer.vatId],
    ] as const;
    const malformed = ids.flatMap(([term, id]) => (id !== null && !isVatId(id) ? [term] : [])).join(", ");
    await stateFinding(act, item, "vat_id_malformed", malformed === "" ? null : { place: malformed });
    await stateFinding(act, item, "due_before_issue", stated < issuedOn ? { dueOn: stated, issuedOn } : null);
  }
  await keepCases(act, [taken.customerId], today);
  await checkItems(act, [taken.customerId]);
  return ok({ new: result.new.length, known: result.known, warnings });
}

/** The same number with another amount or due date is a correction: the claim is what the last document says. */
async function correctItem(
  act: Act,
  input: ReceivableInput,
  receivableId: ReceivableId,
  fingerprint: Buffer,
): Promise<ReadWarning> {
  const { customerId, dueOn, issuedOn } = input;
  const [known] = await receivables(act, customerId, [receivableId]);
  if (known?.itemKind !== input.itemKind)
    return {
      code: "item_differs",
      message: "An item of this number is known with the other sign; nothing was changed.",
    };
  const statedMinor = input.itemKind === "credit_note" ? -input.amountMinor : input.amountMinor;
  const how = { meaning: "claim", day: issuedOn, sourceFile: fingerprint } as const;
  await applyStated(act, [{ customerId, receivableId, statedMinor, dueOn }], how);
  await allocateAnew(act, input, minDate(issuedOn, known.issuedOn));
  return {
    code: "item_corrected",
    message: "An invoice of this number was known with another amount or due date; it was corrected.",
  };
}

async function applyNote(
  act: Act,
  invoice: InvoiceDocument,
  { customerId, creditorId, number, issuedOn }: ReceivableInput,
  receivableId: ReceivableId,
  sourceFile: Buffer,
): Promise<ReadWarning[]> {
  const { preceding, orderReference } = invoice;
  const applied = await applyCreditNote(act, {
    customerId,
    creditorId,
    receivableId,
    number,
    preceding,
    ...(orderReference === null ? {} : { orderNumber: orderReference }),
    valueOn: issuedOn,
    sourceFile,
  });
  if (!applied.elsewhere) return [];
  const message = "The credit note names an invoice of another customer; it was not set off.";
  return [{ code: "credit_note_elsewhere", message, where: "BT-25" }];
}
