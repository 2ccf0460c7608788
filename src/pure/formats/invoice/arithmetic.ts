/**
 * Whether an electronic invoice adds up: business rules of EN 16931-1 about sums, in UBL and CII. Only what is written is
 * compared; a rounding of two hundredths is let pass, as Peppol does (PEPPOL-EN16931-R120).
 */
import { type Decimal, decimal } from "../../kernel/index.ts";
import { addDecimals, negateDecimal, ZERO } from "../bank/statement.ts";
import { childOf, childrenOf, nodeAt, textOf, type XmlNode } from "../text/xml.ts";

/** What the rules need, whatever the syntax. Null: not written. */
interface Sums {
  /** BT-106. */
  readonly lineTotal: Decimal | null;
  /** BT-107, BT-108. */
  readonly allowances: Decimal | null;
  readonly charges: Decimal | null;
  /** BT-109, BT-110, BT-112. */
  readonly net: Decimal | null;
  readonly tax: Decimal | null;
  readonly total: Decimal | null;
  /** BT-113, BT-114, BT-115. */
  readonly prepaid: Decimal | null;
  readonly rounding: Decimal | null;
  readonly payable: Decimal | null;
  /** BT-131 of each line. */
  readonly lines: readonly (Decimal | null)[];
}

function amountIn(node: XmlNode | undefined): Decimal | null {
  const text = textOf(node);
  const read = text === null ? null : decimal(text);
  return read?.ok ? read.value : null;
}

/** Of several, the one in the invoice's own currency. */
function inCurrency(nodes: readonly XmlNode[], currency: string | null): XmlNode | undefined {
  return (
    nodes.find((node) => node.attributes["currencyID"] === currency) ?? (nodes.length === 1 ? nodes[0] : undefined)
  );
}

function ublSums(root: XmlNode): Sums {
  const totals = childOf(root, "LegalMonetaryTotal");
  const at = (name: string): Decimal | null => amountIn(childOf(totals, name));
  const taxes = childrenOf(root, "TaxTotal").flatMap((one) => childrenOf(one, "TaxAmount"));
  const lines = childrenOf(root, root.name === "CreditNote" ? "CreditNoteLine" : "InvoiceLine");
  return {
    lineTotal: at("LineExtensionAmount"),
    allowances: at("AllowanceTotalAmount"),
    charges: at("ChargeTotalAmount"),
    net: at("TaxExclusiveAmount"),
    tax: amountIn(inCurrency(taxes, textOf(childOf(root, "DocumentCurrencyCode")))),
    total: at("TaxInclusiveAmount"),
    prepaid: at("PrepaidAmount"),
    rounding: at("PayableRoundingAmount"),
    payable: at("PayableAmount"),
    lines: lines.map((line) => amountIn(childOf(line, "LineExtensionAmount"))),
  };
}

function ciiSums(root: XmlNode): Sums {
  const trade = childOf(root, "SupplyChainTradeTransaction") ?? childOf(root, "SpecifiedSupplyChainTradeTransaction");
  const settlement =
    childOf(trade, "ApplicableHeaderTradeSettlement") ?? childOf(trade, "ApplicableSupplyChainTradeSettlement");
  const totals =
    childOf(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation") ??
    childOf(settlement, "SpecifiedTradeSettlementMonetarySummation");
  const at = (name: string): Decimal | null => amountIn(childOf(totals, name));
  const currency = textOf(childOf(settlement, "InvoiceCurrencyCode"));
  const items = childrenOf(trade, "IncludedSupplyChainTradeLineItem");
  // Groups and parts of lines (EXTENDED: BT-X-8, BT-X-304) count once in ways their senders don't agree on.
  const grouped = items.some((line) => {
    const document = childOf(line, "AssociatedDocumentLineDocument");
    return childOf(document, "ParentLineID") !== undefined || childOf(document, "LineStatusReasonCode") !== undefined;
  });
  const lineSum = (line: XmlNode): Decimal | null => {
    const own = childOf(line, "SpecifiedLineTradeSettlement") ?? childOf(line, "SpecifiedSupplyChainTradeSettlement");
    return amountIn(
      nodeAt(own, "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount") ??
        nodeAt(own, "SpecifiedTradeSettlementMonetarySummation/LineTotalAmount"),
    );
  };
  return {
    lineTotal: at("LineTotalAmount"),
    allowances: at("AllowanceTotalAmount"),
    charges: at("ChargeTotalAmount"),
    net: at("TaxBasisTotalAmount"),
    tax: amountIn(inCurrency(childrenOf(totals, "TaxTotalAmount"), currency)),
    total: at("GrandTotalAmount"),
    prepaid: at("TotalPrepaidAmount"),
    rounding: at("RoundingAmount"),
    payable: at("DuePayableAmount"),
    lines: grouped ? [] : items.map(lineSum),
  };
}

const minus = (a: Decimal, b: Decimal | null): Decimal => addDecimals(a, negateDecimal(b ?? ZERO));
const plus = (a: Decimal, b: Decimal | null): Decimal => addDecimals(a, b ?? ZERO);

/** Business terms that are not what the others make them, e.g. `BT-112`; empty: it adds up as far as it is written. */
export function sumsThatFail(root: XmlNode): string[] {
  const ubl = (root.name === "Invoice" || root.name === "CreditNote") && !childOf(root, "HeaderExchangedDocument");
  const of = ubl ? ublSums(root) : ciiSums(root);
  const failed: string[] = [];
  const check = (term: string, stated: Decimal | null, made: Decimal | null): void => {
    if (stated !== null && made !== null && !near(stated, made)) failed.push(term);
  };
  const lines = of.lines.filter((line) => line !== null);
  // BR-CO-10; invoices without lines (Factur-X MINIMUM, BASIC WL) and half-written ones have nothing to add.
  if (lines.length > 0 && lines.length === of.lines.length)
    check(
      "BT-106",
      of.lineTotal,
      lines.reduce<Decimal>((sum, line) => addDecimals(sum, line), ZERO),
    );
  if (of.lineTotal) check("BT-109", of.net, plus(minus(of.lineTotal, of.allowances), of.charges)); // BR-CO-13
  if (of.net && of.tax) check("BT-112", of.total, plus(of.net, of.tax)); // BR-CO-15
  // Without lines and prepaid amount it is a summary (Factur-X MINIMUM) that may leave out what was paid.
  if (of.total && (of.prepaid || lines.length > 0))
    check("BT-115", of.payable, plus(minus(of.total, of.prepaid), of.rounding)); // BR-CO-16
  return failed;
}

/** Equal but for two hundredths. */
function near(a: Decimal, b: Decimal): boolean {
  const { digits, scale } = minus(a, b);
  const size = digits < 0n ? -digits : digits;
  return size * 100n <= 2n * 10n ** BigInt(scale);
}
