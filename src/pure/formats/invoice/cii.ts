/**
 * UN/CEFACT Cross Industry Invoice D16B, https://unece.org/trade/uncefact/xml-schemas, in the use of EN 16931-3-3
 * (XRechnung, Factur-X, ZUGFeRD 2) and its forerunner `CrossIndustryDocument` of ZUGFeRD 1.0, whose elements have other
 * names in front (`SpecifiedSupplyChainTradeTransaction`, `ApplicableSupplyChainTradeSettlement`) and the same behind.
 * Subset: see `InvoiceDocument`.
 */
import { compactAccount } from "../code/iban.ts";
import { contradictionsOf } from "./arithmetic.ts";
import { childOf, childrenOf, firstTextAt, nodeAt, textAt, textOf, type XmlNode } from "../text/xml.ts";
import {
  amountOf,
  dayOf,
  emailOf,
  type Identifier,
  identifierOf,
  type InvoiceParts,
  type InvoiceParty,
  type Warn,
} from "./document.ts";

/** The first of the names that is there. */
function either(node: XmlNode | undefined, ...names: readonly string[]): XmlNode | undefined {
  for (const name of names) {
    const found = childOf(node, name);
    if (found) return found;
  }
  return undefined;
}

function taxIdOf(party: XmlNode | undefined, scheme: "VA" | "FC"): string | null {
  for (const registration of childrenOf(party, "SpecifiedTaxRegistration")) {
    const id = childOf(registration, "ID");
    if (id?.attributes["schemeID"] === scheme) return textOf(id);
  }
  return null;
}

function partyOf(party: XmlNode | undefined): InvoiceParty {
  const address = childOf(party, "PostalTradeAddress");
  const contact = childOf(party, "DefinedTradeContact");
  const electronicAddress = identifierOf(nodeAt(party, "URIUniversalCommunication/URIID"));
  const identifiers = [...childrenOf(party, "ID"), ...childrenOf(party, "GlobalID")]
    .map(identifierOf)
    .filter((identifier): identifier is Identifier => identifier !== null);
  const lines = ["LineOne", "LineTwo", "LineThree"].map((name) => textAt(address, name));
  return {
    name: textAt(party, "Name"),
    tradingName: textAt(party, "SpecifiedLegalOrganization/TradingBusinessName"),
    identifiers,
    legalId: identifierOf(nodeAt(party, "SpecifiedLegalOrganization/ID")),
    vatId: taxIdOf(party, "VA"),
    taxNumber: taxIdOf(party, "FC"),
    electronicAddress,
    contactName: textAt(contact, "PersonName", "DepartmentName"),
    phone: textAt(contact, "TelephoneUniversalCommunication/CompleteNumber"),
    email:
      textAt(contact, "EmailURIUniversalCommunication/URIID", "EmailURIUniversalCommunication/CompleteNumber") ??
      emailOf(electronicAddress),
    address: {
      street: lines[0] ?? null,
      additional: lines.slice(1).filter((line) => line !== null && line !== undefined),
      postcode: textAt(address, "PostcodeCode"),
      city: textAt(address, "CityName"),
      region: textAt(address, "CountrySubDivisionName"),
      country: textAt(address, "CountryID"),
    },
  };
}

const dateNode = (node: XmlNode | undefined, name: string): XmlNode | undefined =>
  nodeAt(node, `${name}/DateTimeString`) ?? nodeAt(node, `${name}/DateTime`) ?? childOf(node, name);

export function readCii(root: XmlNode, warn: Warn): InvoiceParts {
  const context = either(root, "ExchangedDocumentContext", "SpecifiedExchangedDocumentContext");
  const header = either(root, "ExchangedDocument", "HeaderExchangedDocument");
  const trade = either(root, "SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction");
  const agreement = either(trade, "ApplicableHeaderTradeAgreement", "ApplicableSupplyChainTradeAgreement");
  const delivery = either(trade, "ApplicableHeaderTradeDelivery", "ApplicableSupplyChainTradeDelivery");
  const settlement = either(trade, "ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement");
  const totals = either(
    settlement,
    "SpecifiedTradeSettlementHeaderMonetarySummation",
    "SpecifiedTradeSettlementMonetarySummation",
  );
  const means = childrenOf(settlement, "SpecifiedTradeSettlementPaymentMeans");
  const terms = childrenOf(settlement, "SpecifiedTradePaymentTerms");
  const prose = terms
    .flatMap((one) => childrenOf(one, "Description"))
    .map(textOf)
    .filter((text) => text !== null);
  const type = textAt(header, "TypeCode");
  return {
    syntax: "CII",
    customization: textAt(context, "GuidelineSpecifiedDocumentContextParameter/ID"),
    number: textAt(header, "ID"),
    type,
    creditNote: type === "381",
    issueDate: dayOf(dateNode(header, "IssueDateTime"), warn),
    dueDates: terms.map((one) => dayOf(dateNode(one, "DueDateDateTime"), warn)).filter((day) => day !== null),
    currency:
      textAt(settlement, "InvoiceCurrencyCode") ??
      childOf(totals, "GrandTotalAmount")?.attributes["currencyID"] ??
      null,
    net: amountOf(childOf(totals, "TaxBasisTotalAmount")),
    total: amountOf(childOf(totals, "GrandTotalAmount")),
    prepaid: amountOf(childOf(totals, "TotalPrepaidAmount")),
    payable: amountOf(childOf(totals, "DuePayableAmount")),
    paymentMeans: firstTextAt(means, "TypeCode"),
    iban: compactAccount(
      firstTextAt(
        means,
        "PayeePartyCreditorFinancialAccount/IBANID",
        "PayeePartyCreditorFinancialAccount/ProprietaryID",
      ),
    ),
    bic: compactAccount(firstTextAt(means, "PayeeSpecifiedCreditorFinancialInstitution/BICID")),
    remittance: textAt(settlement, "PaymentReference"),
    mandate: firstTextAt(terms, "DirectDebitMandateID"),
    terms: prose.length > 0 ? prose.join("\n") : null,
    seller: partyOf(childOf(agreement, "SellerTradeParty")),
    buyer: partyOf(childOf(agreement, "BuyerTradeParty")),
    buyerReference: textAt(agreement, "BuyerReference"),
    orderReference: textAt(
      agreement,
      "BuyerOrderReferencedDocument/IssuerAssignedID",
      "BuyerOrderReferencedDocument/ID",
    ),
    contractReference: textAt(
      agreement,
      "ContractReferencedDocument/IssuerAssignedID",
      "ContractReferencedDocument/ID",
    ),
    preceding: childrenOf(settlement, "InvoiceReferencedDocument")
      .map((one) => textAt(one, "IssuerAssignedID", "ID"))
      .filter((id) => id !== null),
    deliveredOn: dayOf(dateNode(childOf(delivery, "ActualDeliverySupplyChainEvent"), "OccurrenceDateTime"), warn),
    lines: childrenOf(trade, "IncludedSupplyChainTradeLineItem").length,
    ...contradictionsOf(root),
  };
}
