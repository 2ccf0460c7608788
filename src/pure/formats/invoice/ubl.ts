/**
 * UBL 2.1 Invoice and CreditNote, https://docs.oasis-open.org/ubl/UBL-2.1.html, in the use of EN 16931-3-2 (XRechnung,
 * Peppol BIS Billing 3). Subset: see `InvoiceDocument`.
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

function taxIdOf(party: XmlNode | undefined, vat: boolean): string | null {
  const schemes = childrenOf(party, "PartyTaxScheme").filter(
    (scheme) => (textAt(scheme, "TaxScheme/ID") === "VAT") === vat,
  );
  for (const scheme of schemes) {
    const id = textAt(scheme, "CompanyID");
    if (id !== null) return id;
  }
  return null;
}

function partyOf(role: XmlNode | undefined): InvoiceParty {
  const party = childOf(role, "Party");
  const address = childOf(party, "PostalAddress");
  const contact = childOf(party, "Contact");
  const electronicAddress = identifierOf(childOf(party, "EndpointID"));
  const tradingName = textAt(party, "PartyName/Name");
  const identifiers = childrenOf(party, "PartyIdentification")
    .map((identification) => identifierOf(childOf(identification, "ID")))
    // The creditor identifier of direct debits (BT-90) stands in the same place.
    .filter((identifier): identifier is Identifier => identifier !== null && identifier.scheme !== "SEPA");
  const account = identifierOf(childOf(role, "CustomerAssignedAccountID"));
  return {
    name: textAt(party, "PartyLegalEntity/RegistrationName") ?? tradingName,
    tradingName,
    identifiers: account ? [account, ...identifiers] : identifiers,
    legalId: identifierOf(nodeAt(party, "PartyLegalEntity/CompanyID")),
    vatId: taxIdOf(party, true),
    taxNumber: taxIdOf(party, false),
    electronicAddress,
    contactName: textAt(contact, "Name"),
    phone: textAt(contact, "Telephone"),
    email: textAt(contact, "ElectronicMail") ?? emailOf(electronicAddress),
    address: {
      street: textAt(address, "StreetName"),
      additional: [textAt(address, "AdditionalStreetName"), textAt(address, "AddressLine/Line")].filter(
        (line) => line !== null,
      ),
      postcode: textAt(address, "PostalZone"),
      city: textAt(address, "CityName"),
      region: textAt(address, "CountrySubentity"),
      country: textAt(address, "Country/IdentificationCode"),
    },
  };
}

export function readUbl(root: XmlNode, warn: Warn): InvoiceParts {
  const creditRoot = root.name === "CreditNote";
  const means = childrenOf(root, "PaymentMeans");
  const totals = childOf(root, "LegalMonetaryTotal");
  const terms = childrenOf(root, "PaymentTerms")
    .flatMap((one) => childrenOf(one, "Note"))
    .map(textOf)
    .filter((text) => text !== null);
  const type = textAt(root, creditRoot ? "CreditNoteTypeCode" : "InvoiceTypeCode");
  const due = [
    childOf(root, "DueDate"),
    ...means.map((one) => childOf(one, "PaymentDueDate")),
    ...childrenOf(root, "PaymentTerms").map((one) => childOf(one, "PaymentDueDate")),
  ];
  return {
    syntax: creditRoot ? "UBL CreditNote" : "UBL Invoice",
    customization: textAt(root, "CustomizationID"),
    number: textAt(root, "ID"),
    type,
    creditNote: creditRoot || type === "381",
    issueDate: dayOf(childOf(root, "IssueDate"), warn),
    dueDates: due.map((node) => dayOf(node, warn)).filter((day) => day !== null),
    currency: textAt(root, "DocumentCurrencyCode") ?? nodeAt(totals, "PayableAmount")?.attributes["currencyID"] ?? null,
    net: amountOf(childOf(totals, "TaxExclusiveAmount")),
    total: amountOf(childOf(totals, "TaxInclusiveAmount")),
    prepaid: amountOf(childOf(totals, "PrepaidAmount")),
    payable: amountOf(childOf(totals, "PayableAmount")),
    paymentMeans: firstTextAt(means, "PaymentMeansCode"),
    iban: compactAccount(firstTextAt(means, "PayeeFinancialAccount/ID")),
    bic: compactAccount(firstTextAt(means, "PayeeFinancialAccount/FinancialInstitutionBranch/ID")),
    remittance: firstTextAt(means, "PaymentID"),
    mandate: firstTextAt(means, "PaymentMandate/ID"),
    terms: terms.length > 0 ? terms.join("\n") : null,
    seller: partyOf(childOf(root, "AccountingSupplierParty")),
    buyer: partyOf(childOf(root, "AccountingCustomerParty")),
    buyerReference: textAt(root, "BuyerReference"),
    orderReference: textAt(root, "OrderReference/ID"),
    contractReference: textAt(root, "ContractDocumentReference/ID"),
    preceding: childrenOf(root, "BillingReference")
      .map((one) => textAt(one, "InvoiceDocumentReference/ID"))
      .filter((id) => id !== null),
    deliveredOn: dayOf(nodeAt(root, "Delivery/ActualDeliveryDate"), warn),
    lines: childrenOf(root, creditRoot ? "CreditNoteLine" : "InvoiceLine").length,
    ...contradictionsOf(root),
  };
}
