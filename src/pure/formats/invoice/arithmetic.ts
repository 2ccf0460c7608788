/**
 * Whether an electronic invoice adds up: business rules of EN 16931-1 about sums, in UBL and CII. Only what is written is
 * compared; a rounding of two hundredths is let pass, as Peppol does (PEPPOL-EN16931-R120). Tax of a rate may be a whole
 * unit off: who adds up rounded lines is not wrong (BR-CO-17 and BR-S-09 of the published rule sets allow as much).
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
  /** The parts of each line; null where one is missing. */
  readonly priced: readonly (PricedLine | null)[];
  readonly rates: readonly TaxRate[];
  /** Tax is broken down once, in the invoice's currency. */
  readonly oneBreakdown: boolean;
}

interface PricedLine {
  /** BT-131. */
  readonly net: Decimal;
  /** BT-129. */
  readonly quantity: Decimal;
  /** BT-146, for so many (BT-149). */
  readonly price: Decimal;
  readonly per: Decimal;
  /** BT-141 less BT-136. */
  readonly extra: Decimal;
}

/** BG-23. */
interface TaxRate {
  /** BT-116, BT-117. */
  readonly base: Decimal | null;
  readonly tax: Decimal | null;
  /** BT-119, percent. */
  readonly rate: Decimal | null;
}

function amountIn(node: XmlNode | undefined): Decimal | null {
  const text = textOf(node);
  const read = text === null ? null : decimal(text);
  return read?.ok ? read.value : null;
}

const ONE: Decimal = { digits: 1n, scale: 0 };

/** Null where a part is missing, or the line's unit differs between price and quantity. */
function pricedLine(parts: {
  readonly net: Decimal | null;
  readonly quantity: XmlNode | undefined;
  readonly price: Decimal | null;
  readonly per: XmlNode | undefined;
  readonly extras: readonly (readonly [charge: boolean, amount: Decimal | null])[];
}): PricedLine | null {
  const quantity = amountIn(parts.quantity);
  const per = parts.per === undefined ? ONE : amountIn(parts.per);
  const [unit, perUnit] = [parts.quantity?.attributes["unitCode"], parts.per?.attributes["unitCode"]];
  if (!parts.net || !quantity || !parts.price || !per || per.digits === 0n) return null;
  if (unit !== undefined && perUnit !== undefined && unit !== perUnit) return null;
  let extra = ZERO;
  for (const [charge, amount] of parts.extras) {
    if (!amount) return null;
    extra = addDecimals(extra, charge ? amount : negateDecimal(amount));
  }
  return { net: parts.net, quantity, price: parts.price, per, extra };
}

const isCharge = (node: XmlNode): boolean =>
  /^(true|1)$/i.test(
    textOf(childOf(node, "ChargeIndicator")) ?? textOf(nodeAt(node, "ChargeIndicator/Indicator")) ?? "",
  );

const notNull = <T>(value: T | null): value is T => value !== null;

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
    priced: lines.map((line) =>
      pricedLine({
        net: amountIn(childOf(line, "LineExtensionAmount")),
        quantity: childOf(line, "InvoicedQuantity") ?? childOf(line, "CreditedQuantity"),
        price: amountIn(nodeAt(line, "Price/PriceAmount")),
        per: nodeAt(line, "Price/BaseQuantity"),
        extras: childrenOf(line, "AllowanceCharge").map((one) => [isCharge(one), amountIn(childOf(one, "Amount"))]),
      }),
    ),
    rates: childrenOf(root, "TaxTotal").flatMap((total) =>
      childrenOf(total, "TaxSubtotal").map((one) => ({
        base: amountIn(childOf(one, "TaxableAmount")),
        tax: amountIn(childOf(one, "TaxAmount")),
        rate: amountIn(nodeAt(one, "TaxCategory/Percent")),
      })),
    ),
    oneBreakdown: childrenOf(root, "TaxTotal").filter((one) => childOf(one, "TaxSubtotal") !== undefined).length === 1,
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
  const settled = (line: XmlNode): XmlNode | undefined =>
    childOf(line, "SpecifiedLineTradeSettlement") ?? childOf(line, "SpecifiedSupplyChainTradeSettlement");
  const lineSum = (line: XmlNode): Decimal | null => {
    const own = settled(line);
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
    priced: grouped
      ? []
      : items.map((line) => {
          const agreed =
            childOf(line, "SpecifiedLineTradeAgreement") ?? childOf(line, "SpecifiedSupplyChainTradeAgreement");
          const delivered =
            childOf(line, "SpecifiedLineTradeDelivery") ?? childOf(line, "SpecifiedSupplyChainTradeDelivery");
          const price = childOf(agreed, "NetPriceProductTradePrice");
          return pricedLine({
            net: lineSum(line),
            quantity: childOf(delivered, "BilledQuantity"),
            price: amountIn(childOf(price, "ChargeAmount")),
            per: childOf(price, "BasisQuantity"),
            extras: childrenOf(settled(line), "SpecifiedTradeAllowanceCharge").map((one) => [
              isCharge(one),
              amountIn(childOf(one, "ActualAmount")),
            ]),
          });
        }),
    rates: childrenOf(settlement, "ApplicableTradeTax").map((one) => ({
      base: amountIn(childOf(one, "BasisAmount")),
      tax: amountIn(childOf(one, "CalculatedAmount")),
      rate: amountIn(childOf(one, "RateApplicablePercent")) ?? amountIn(childOf(one, "ApplicablePercent")),
    })),
    oneBreakdown: true,
  };
}

const minus = (a: Decimal, b: Decimal | null): Decimal => addDecimals(a, negateDecimal(b ?? ZERO));
const plus = (a: Decimal, b: Decimal | null): Decimal => addDecimals(a, b ?? ZERO);

export interface Contradictions {
  /** Business terms that are not what the others make them, e.g. `BT-112`; empty: it adds up as far as it is written. */
  readonly sumsThatFail: readonly string[];
  /**
   * Lines (from 1) whose quantity × price with charges and allowances is not their amount (PEPPOL-EN16931-R120). EN 16931
   * itself does not ask for it: sellers multiply prices that they round for print.
   */
  readonly linesThatFail: readonly number[];
}

export function contradictionsOf(root: XmlNode): Contradictions {
  const ubl = (root.name === "Invoice" || root.name === "CreditNote") && !childOf(root, "HeaderExchangedDocument");
  const of = ubl ? ublSums(root) : ciiSums(root);
  return {
    sumsThatFail: sumsThatFail(of),
    linesThatFail: of.priced.flatMap((line, index) => (line && !isPriced(line) ? [index + 1] : [])),
  };
}

function sumsThatFail(of: Sums): string[] {
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
  if (of.rates.some((one) => !isTaxed(one))) failed.push("BT-117"); // BR-CO-17
  const taxes = of.rates.map(({ tax }) => tax).filter(notNull);
  // BR-CO-14; a second breakdown in the currency of accounting would count twice.
  if (taxes.length > 0 && taxes.length === of.rates.length && of.oneBreakdown)
    check(
      "BT-110",
      of.tax,
      taxes.reduce<Decimal>((sum, tax) => addDecimals(sum, tax), ZERO),
    );
  if (of.net && of.tax) check("BT-112", of.total, plus(of.net, of.tax)); // BR-CO-15
  // Without lines and prepaid amount it is a summary (Factur-X MINIMUM) that may leave out what was paid.
  if (of.total && (of.prepaid || lines.length > 0))
    check("BT-115", of.payable, plus(minus(of.total, of.prepaid), of.rounding)); // BR-CO-16
  return failed;
}

const times = (a: Decimal, b: Decimal): Decimal => ({ digits: a.digits * b.digits, scale: a.scale + b.scale });
const size = ({ digits, scale }: Decimal): Decimal => ({ digits: digits < 0n ? -digits : digits, scale });

/** Equal but for so many hundredths. */
function near(a: Decimal, b: Decimal, hundredths = 2n): boolean {
  const { digits, scale } = size(minus(a, b));
  return digits * 100n <= hundredths * 10n ** BigInt(scale);
}

/** Net × base quantity = quantity × price + charges less allowances: without a division, which would round. */
function isPriced({ net, quantity, price, per, extra }: PricedLine): boolean {
  const off = size(minus(times(minus(net, extra), per), times(quantity, price)));
  const allowed = times({ digits: 2n, scale: 2 }, size(per));
  return minus(allowed, off).digits >= 0n;
}

/** Base × rate = tax, but for one unit of currency. */
const isTaxed = ({ base, tax, rate }: TaxRate): boolean =>
  !base || !tax || !rate || near(tax, { ...times(base, rate), scale: base.scale + rate.scale + 2 }, 100n);
