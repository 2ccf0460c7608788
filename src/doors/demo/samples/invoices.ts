/** Electronic invoices after EN 16931 in the use of XRechnung 3.0, in both syntaxes. One line, one rate of VAT. */
import { EUR, formatMinor, type PlainDate, roundHalfUp } from "../../../pure/kernel/index.ts";
import { expectOk } from "../../../pure/kernel/index.ts";
import { makeCreditorReference } from "../../../pure/formats/index.ts";
import { DEMO_CREDITORS, type DemoCreditor } from "../setting.ts";
import type { SampleItem } from "./items.ts";
import { displayed, type SampleCustomer } from "./people.ts";

export const escapeXml = (text: string): string =>
  text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
const RULES = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0";
const PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0";

/** The RF reference the books print on an invoice: its number. */
export const printedReference = (number: string): string => expectOk(makeCreditorReference(number));

/** BT-47; only companies get electronic invoices here. */
const registerNumber = (customer: SampleCustomer): string => `HRA ${customer.number.replace(/\D/g, "")}`;

interface Values {
  readonly item: SampleItem;
  readonly seller: DemoCreditor;
  readonly net: string;
  readonly tax: string;
  readonly gross: string;
  readonly subject: string;
  readonly reference: string;
  /** BT-81: 58 SEPA transfer, 59 SEPA direct debit. */
  readonly means: "58" | "59";
}

function valuesOf(item: SampleItem): Values {
  const seller = DEMO_CREDITORS.find(({ key }) => key === item.creditor) as DemoCreditor;
  const net = roundHalfUp(item.amountMinor * 100n, 119n);
  return {
    item,
    seller,
    net: formatMinor(net, EUR),
    tax: formatMinor(item.amountMinor - net, EUR),
    gross: formatMinor(item.amountMinor, EUR),
    subject: item.creditor === "garden" ? "Gartenbedarf laut Bestellung" : "Strom und Wasser, Verbrauch des Quartals",
    reference: printedReference(item.number),
    means: item.behaviour === "debit" || item.behaviour === "debit_returned" ? "59" : "58",
  };
}

const brandName = ({ seller, item }: Values): string =>
  seller.brands.find(({ code }) => code === item.brand)?.name ?? seller.name;

/** Credits `of` in full: the goods came back. */
export interface CreditNote {
  readonly number: string;
  readonly of: SampleItem;
  readonly issueDate: PlainDate;
}

function ublParties({ item, seller }: Values, values: Values): string {
  const { customer } = item;
  const contact = seller.brands.find(({ code }) => code === item.brand)?.contact;
  const buyer = escapeXml(displayed(customer));
  const person = customer.company && customer.name ? `${customer.firstName ?? ""} ${customer.name}` : "";
  return `  <cac:AccountingSupplierParty>
    <cac:Party>
      <cbc:EndpointID schemeID="EM">${seller.email}</cbc:EndpointID>
      <cac:PartyName><cbc:Name>${escapeXml(brandName(values))}</cbc:Name></cac:PartyName>
      <cac:PostalAddress>
        <cbc:StreetName>${escapeXml(seller.address.street ?? "")}</cbc:StreetName>
        <cbc:CityName>${escapeXml(seller.address.city ?? "")}</cbc:CityName>
        <cbc:PostalZone>${seller.address.postcode ?? ""}</cbc:PostalZone>
        <cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country>
      </cac:PostalAddress>
      <cac:PartyTaxScheme><cbc:CompanyID>${seller.vatId}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
      <cac:PartyLegalEntity><cbc:RegistrationName>${escapeXml(seller.name)}</cbc:RegistrationName></cac:PartyLegalEntity>
      <cac:Contact>
        <cbc:Name>${escapeXml(contact?.person ?? seller.name)}</cbc:Name>
        <cbc:Telephone>${seller.phone}</cbc:Telephone>
        <cbc:ElectronicMail>${seller.email}</cbc:ElectronicMail>
      </cac:Contact>
    </cac:Party>
  </cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty>
    <cac:Party>
      <cbc:EndpointID schemeID="EM">${customer.email ?? `post@${customer.number.toLowerCase()}.example`}</cbc:EndpointID>
      <cac:PartyIdentification><cbc:ID>${customer.number}</cbc:ID></cac:PartyIdentification>
      <cac:PostalAddress>
        <cbc:StreetName>${escapeXml(customer.street)}</cbc:StreetName>
        <cbc:CityName>${escapeXml(customer.city)}</cbc:CityName>
        <cbc:PostalZone>${customer.postcode}</cbc:PostalZone>
        <cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country>
      </cac:PostalAddress>
      <cac:PartyLegalEntity><cbc:RegistrationName>${buyer}</cbc:RegistrationName><cbc:CompanyID>${registerNumber(customer)}</cbc:CompanyID></cac:PartyLegalEntity>${
        person || customer.email
          ? `
      <cac:Contact>${person ? `<cbc:Name>${escapeXml(person)}</cbc:Name>` : ""}${customer.email ? `<cbc:ElectronicMail>${customer.email}</cbc:ElectronicMail>` : ""}</cac:Contact>`
          : ""
      }
    </cac:Party>
  </cac:AccountingCustomerParty>`;
}

function ublBody(values: Values, credit: boolean): string {
  const { item, seller, net, tax, gross, subject } = values;
  const account = seller.accounts[0];
  const quantity = credit ? "CreditedQuantity" : "InvoicedQuantity";
  const mandate =
    values.means === "59"
      ? `<cac:PaymentMandate><cbc:ID>M-${item.customer.number}</cbc:ID><cac:PayerFinancialAccount><cbc:ID>${item.customer.iban}</cbc:ID></cac:PayerFinancialAccount></cac:PaymentMandate>`
      : `<cac:PayeeFinancialAccount><cbc:ID>${account?.iban}</cbc:ID><cbc:Name>${escapeXml(seller.name)}</cbc:Name></cac:PayeeFinancialAccount>`;
  return `${ublParties(values, values)}
  <cac:PaymentMeans>
    <cbc:PaymentMeansCode>${values.means}</cbc:PaymentMeansCode>
    <cbc:PaymentID>${values.reference}</cbc:PaymentID>
    ${mandate}
  </cac:PaymentMeans>
  <cac:PaymentTerms><cbc:Note>${credit ? "Wird verrechnet." : `Zahlbar bis ${item.dueDate} ohne Abzug.`}</cbc:Note></cac:PaymentTerms>
  <cac:TaxTotal>
    <cbc:TaxAmount currencyID="EUR">${tax}</cbc:TaxAmount>
    <cac:TaxSubtotal>
      <cbc:TaxableAmount currencyID="EUR">${net}</cbc:TaxableAmount>
      <cbc:TaxAmount currencyID="EUR">${tax}</cbc:TaxAmount>
      <cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory>
    </cac:TaxSubtotal>
  </cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    <cbc:LineExtensionAmount currencyID="EUR">${net}</cbc:LineExtensionAmount>
    <cbc:TaxExclusiveAmount currencyID="EUR">${net}</cbc:TaxExclusiveAmount>
    <cbc:TaxInclusiveAmount currencyID="EUR">${gross}</cbc:TaxInclusiveAmount>
    <cbc:PayableAmount currencyID="EUR">${gross}</cbc:PayableAmount>
  </cac:LegalMonetaryTotal>
  <cac:${credit ? "CreditNoteLine" : "InvoiceLine"}>
    <cbc:ID>1</cbc:ID>
    <cbc:${quantity} unitCode="XPP">1</cbc:${quantity}>
    <cbc:LineExtensionAmount currencyID="EUR">${net}</cbc:LineExtensionAmount>
    <cac:Item>
      <cbc:Name>${subject}</cbc:Name>
      <cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory>
    </cac:Item>
    <cac:Price><cbc:PriceAmount currencyID="EUR">${net}</cbc:PriceAmount></cac:Price>
  </cac:${credit ? "CreditNoteLine" : "InvoiceLine"}>
`;
}

const namespaces = (root: string): string =>
  `xmlns="urn:oasis:names:specification:ubl:schema:xsd:${root}-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"`;

export function ublInvoice(item: SampleItem): Buffer {
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<Invoice ${namespaces("Invoice")}>
  <cbc:CustomizationID>${RULES}</cbc:CustomizationID>
  <cbc:ProfileID>${PROCESS}</cbc:ProfileID>
  <cbc:ID>${item.number}</cbc:ID>
  <cbc:IssueDate>${item.issueDate}</cbc:IssueDate>
  <cbc:DueDate>${item.dueDate}</cbc:DueDate>
  <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cbc:BuyerReference>${item.customer.number}</cbc:BuyerReference>${
    item.orderNumber
      ? `
  <cac:OrderReference><cbc:ID>${item.orderNumber}</cbc:ID></cac:OrderReference>`
      : ""
  }
${ublBody(valuesOf(item), false)}</Invoice>
`);
}

export function ublCreditNote({ number, of, issueDate }: CreditNote): Buffer {
  const values = { ...valuesOf(of), reference: printedReference(number) };
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<CreditNote ${namespaces("CreditNote")}>
  <cbc:CustomizationID>${RULES}</cbc:CustomizationID>
  <cbc:ProfileID>${PROCESS}</cbc:ProfileID>
  <cbc:ID>${number}</cbc:ID>
  <cbc:IssueDate>${issueDate}</cbc:IssueDate>
  <cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cbc:BuyerReference>${of.customer.number}</cbc:BuyerReference>
  <cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>${of.number}</cbc:ID><cbc:IssueDate>${of.issueDate}</cbc:IssueDate></cac:InvoiceDocumentReference></cac:BillingReference>
${ublBody(values, true)}</CreditNote>
`);
}

const ciiDate = (day: PlainDate): string =>
  `<udt:DateTimeString format="102">${day.replaceAll("-", "")}</udt:DateTimeString>`;

function ciiParties(values: Values): string {
  const { item, seller } = values;
  const { customer } = item;
  const contact = seller.brands.find(({ code }) => code === item.brand)?.contact;
  return `      <ram:BuyerReference>${customer.number}</ram:BuyerReference>
      <ram:SellerTradeParty>
        <ram:Name>${escapeXml(seller.name)}</ram:Name>
        <ram:SpecifiedLegalOrganization><ram:TradingBusinessName>${escapeXml(brandName(values))}</ram:TradingBusinessName></ram:SpecifiedLegalOrganization>
        <ram:DefinedTradeContact>
          <ram:PersonName>${escapeXml(contact?.person ?? seller.name)}</ram:PersonName>
          <ram:TelephoneUniversalCommunication><ram:CompleteNumber>${seller.phone}</ram:CompleteNumber></ram:TelephoneUniversalCommunication>
          <ram:EmailURIUniversalCommunication><ram:URIID>${seller.email}</ram:URIID></ram:EmailURIUniversalCommunication>
        </ram:DefinedTradeContact>
        <ram:PostalTradeAddress><ram:PostcodeCode>${seller.address.postcode ?? ""}</ram:PostcodeCode><ram:LineOne>${escapeXml(seller.address.street ?? "")}</ram:LineOne><ram:CityName>${escapeXml(seller.address.city ?? "")}</ram:CityName><ram:CountryID>DE</ram:CountryID></ram:PostalTradeAddress>
        <ram:URIUniversalCommunication><ram:URIID schemeID="EM">${seller.email}</ram:URIID></ram:URIUniversalCommunication>
        <ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">${seller.vatId}</ram:ID></ram:SpecifiedTaxRegistration>
      </ram:SellerTradeParty>
      <ram:BuyerTradeParty>
        <ram:ID>${customer.number}</ram:ID>
        <ram:Name>${escapeXml(displayed(customer))}</ram:Name>
        <ram:SpecifiedLegalOrganization><ram:ID>${registerNumber(customer)}</ram:ID></ram:SpecifiedLegalOrganization>
        <ram:PostalTradeAddress><ram:PostcodeCode>${customer.postcode}</ram:PostcodeCode><ram:LineOne>${escapeXml(customer.street)}</ram:LineOne><ram:CityName>${escapeXml(customer.city)}</ram:CityName><ram:CountryID>DE</ram:CountryID></ram:PostalTradeAddress>
        <ram:URIUniversalCommunication><ram:URIID schemeID="EM">${customer.email ?? `post@${customer.number.toLowerCase()}.example`}</ram:URIID></ram:URIUniversalCommunication>
      </ram:BuyerTradeParty>${
        item.orderNumber
          ? `
      <ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>${item.orderNumber}</ram:IssuerAssignedID></ram:BuyerOrderReferencedDocument>`
          : ""
      }`;
}

export function ciiInvoice(item: SampleItem): Buffer {
  const values = valuesOf(item);
  const { seller, net, tax, gross, subject } = values;
  const debit = values.means === "59";
  const account = debit
    ? `<ram:PayerPartyDebtorFinancialAccount><ram:IBANID>${item.customer.iban}</ram:IBANID></ram:PayerPartyDebtorFinancialAccount>`
    : `<ram:PayeePartyCreditorFinancialAccount><ram:IBANID>${seller.accounts[0]?.iban}</ram:IBANID><ram:AccountName>${escapeXml(seller.name)}</ram:AccountName></ram:PayeePartyCreditorFinancialAccount>`;
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
  <rsm:ExchangedDocumentContext>
    <ram:BusinessProcessSpecifiedDocumentContextParameter><ram:ID>${PROCESS}</ram:ID></ram:BusinessProcessSpecifiedDocumentContextParameter>
    <ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>${RULES}</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter>
  </rsm:ExchangedDocumentContext>
  <rsm:ExchangedDocument>
    <ram:ID>${item.number}</ram:ID>
    <ram:TypeCode>380</ram:TypeCode>
    <ram:IssueDateTime>${ciiDate(item.issueDate)}</ram:IssueDateTime>
  </rsm:ExchangedDocument>
  <rsm:SupplyChainTradeTransaction>
    <ram:IncludedSupplyChainTradeLineItem>
      <ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument>
      <ram:SpecifiedTradeProduct><ram:Name>${subject}</ram:Name></ram:SpecifiedTradeProduct>
      <ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>${net}</ram:ChargeAmount></ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
      <ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="XPP">1</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>
      <ram:SpecifiedLineTradeSettlement>
        <ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>19</ram:RateApplicablePercent></ram:ApplicableTradeTax>
        <ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>${net}</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation>
      </ram:SpecifiedLineTradeSettlement>
    </ram:IncludedSupplyChainTradeLineItem>
    <ram:ApplicableHeaderTradeAgreement>
${ciiParties(values)}
    </ram:ApplicableHeaderTradeAgreement>
    <ram:ApplicableHeaderTradeDelivery/>
    <ram:ApplicableHeaderTradeSettlement>${
      debit
        ? `
      <ram:CreditorReferenceID>${seller.sepaId}</ram:CreditorReferenceID>`
        : ""
    }
      <ram:PaymentReference>${values.reference}</ram:PaymentReference>
      <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
      <ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>${values.means}</ram:TypeCode>${account}</ram:SpecifiedTradeSettlementPaymentMeans>
      <ram:ApplicableTradeTax><ram:CalculatedAmount>${tax}</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode><ram:BasisAmount>${net}</ram:BasisAmount><ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>19</ram:RateApplicablePercent></ram:ApplicableTradeTax>
      <ram:SpecifiedTradePaymentTerms><ram:Description>Zahlbar bis ${item.dueDate} ohne Abzug.</ram:Description><ram:DueDateDateTime>${ciiDate(item.dueDate)}</ram:DueDateDateTime>${debit ? `<ram:DirectDebitMandateID>M-${item.customer.number}</ram:DirectDebitMandateID>` : ""}</ram:SpecifiedTradePaymentTerms>
      <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
        <ram:LineTotalAmount>${net}</ram:LineTotalAmount>
        <ram:TaxBasisTotalAmount>${net}</ram:TaxBasisTotalAmount>
        <ram:TaxTotalAmount currencyID="EUR">${tax}</ram:TaxTotalAmount>
        <ram:GrandTotalAmount>${gross}</ram:GrandTotalAmount>
        <ram:DuePayableAmount>${gross}</ram:DuePayableAmount>
      </ram:SpecifiedTradeSettlementHeaderMonetarySummation>
    </ram:ApplicableHeaderTradeSettlement>
  </rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>
`);
}
