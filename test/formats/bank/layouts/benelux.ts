/** Banks in the Netherlands and Belgium. */
import { BO, NL, type BankLayout } from "./layout.ts";

export const BENELUX: readonly BankLayout[] = [
  {
    bank: "Rabobank",
    encoding: "windows-1252",
    lines: [
      '"IBAN/BBAN","Munt","BIC","Volgnr","Datum","Rentedatum","Bedrag","Saldo na trn","Tegenrekening IBAN/BBAN","Naam tegenpartij","Naam uiteindelijke partij","Naam initiërende partij","BIC tegenpartij","Code","Batch ID","Transactiereferentie","Machtigingskenmerk","Incassant ID","Betalingskenmerk","Omschrijving-1","Omschrijving-2","Omschrijving-3","Reden retour","Oorspr bedrag","Oorspr munt","Koers"',
      `"${NL}","EUR","RABONL2U","000000000000000001","2026-01-05","2026-01-04","+119,00","+1119,00","${BO}","B Voorbeeld","","","INGBNL2A","cb","","E-1","","","","Factuur RE-1"," ","","","","",""`,
      `"${NL}","EUR","RABONL2U","000000000000000002","2026-01-06","2026-01-06","-12,50","+1106,50","${BO}","C Leverancier","","","INGBNL2A","bg","","E-2","","","","Waren"," ","","","","",""`,
    ],
    account: NL,
    currency: "EUR",
    opening: "1000.00",
    closing: "1106.50",
    wanted: [
      ["2026-01-05", "2026-01-04", "119.00", "B Voorbeeld", BO, "RE-1"],
      ["2026-01-06", "2026-01-06", "-12.50", "C Leverancier", BO, "Waren"],
    ],
  },
  {
    bank: "Rabobank until 2017 (no header)",
    lines: [
      `"${NL}","EUR","20260104","C","119.00","${BO}","B VOORBEELD","20260105","cb","","Factuur RE-1","","","","","","E-1","",""`,
      `"${NL}","EUR","20260106","D","1012.50","${BO}","C LEVERANCIER","20260106","bg","","Waren","","","","","","","",""`,
    ],
    account: NL,
    currency: "EUR",
    opening: null,
    closing: null,
    wanted: [
      ["2026-01-05", "2026-01-04", "119.00", "B VOORBEELD", BO, "RE-1"],
      ["2026-01-06", "2026-01-06", "-1012.50", "C LEVERANCIER", BO, "Waren"],
    ],
  },
  {
    bank: "ABN AMRO (no header)",
    lines: [
      `417164300\tEUR\t20260105\t1000,00\t1119,00\t20260104\t119,00\t/TRTP/SEPA OVERBOEKING/IBAN/${BO}/BIC/INGBNL2A/NAME/B VOORBEELD/REMI/FACTUUR RE-1/EREF/E-1`,
      "417164300\tEUR\t20260106\t1119,00\t1106,50\t20260106\t-12,50\tBEA   NR:A1B23C   06.01.26/09.15 Kiosk,PAS123",
    ],
    account: "417164300",
    currency: "EUR",
    opening: "1000.00",
    closing: "1106.50",
    wanted: [
      ["2026-01-05", "2026-01-04", "119.00", "B VOORBEELD", BO, "RE-1"],
      ["2026-01-06", "2026-01-06", "-12.50", null, null, "Kiosk"],
    ],
  },
  {
    bank: "ASN and SNS (no header)",
    lines: [
      `05-01-2026,${NL},${BO},b voorbeeld,,,,EUR,1000.00,EUR,119.00,05-01-2026,04-01-2026,9722,OVB,12345678,,'Factuur RE-1',1`,
      `06-01-2026,${NL},${BO},c leverancier,,,,EUR,1119.00,EUR,-12.50,06-01-2026,06-01-2026,9724,IDE,12345679,,'Waren',1`,
    ],
    account: NL,
    currency: "EUR",
    opening: null,
    closing: null,
    wanted: [
      ["2026-01-05", "2026-01-04", "119.00", "b voorbeeld", BO, "RE-1"],
      ["2026-01-06", "2026-01-06", "-12.50", "c leverancier", BO, "Waren"],
    ],
  },
  {
    bank: "Triodos (no header)",
    lines: [
      `"05-01-2026","${NL}","119,00","Credit","B Voorbeeld","${BO}","ET","Factuur RE-1","1.119,00"`,
      `"06-01-2026","${NL}","12,50","Debet","C Leverancier","${BO}","ET","Waren","1.106,50"`,
    ],
    account: NL,
    currency: null,
    opening: "1000.00",
    closing: "1106.50",
    wanted: [
      ["2026-01-05", "2026-01-05", "119.00", "B Voorbeeld", BO, "RE-1"],
      ["2026-01-06", "2026-01-06", "-12.50", "C Leverancier", BO, "Waren"],
    ],
  },
  {
    bank: "ING (Netherlands, in English)",
    lines: [
      '"Date";"Name / Description";"Account";"Counterparty";"Code";"Debit/credit";"Amount (EUR)";"Transaction type";"Notifications";"Resulting balance";"Tag"',
      `"20260106";"C Leverancier";"${NL}";"${BO}";"GT";"Debit";"12,50";"Online Banking";"Description: Waren";"1106,50";""`,
      `"20260105";"B Voorbeeld";"${NL}";"${BO}";"OV";"Credit";"119,00";"Transfer";"Description: RE-1";"1119,00";""`,
    ],
    account: NL,
    currency: "EUR",
    opening: "1000.00",
    closing: "1106.50",
    wanted: [
      ["2026-01-06", "2026-01-06", "-12.50", "C Leverancier", BO, "Waren"],
      ["2026-01-05", "2026-01-05", "119.00", "B Voorbeeld", BO, "RE-1"],
    ],
  },
  {
    bank: "bunq",
    lines: [
      '"Date","Interest Date","Amount","Account","Counterparty","Name","Description"',
      `"2026-01-05","2026-01-04","1,119.00","${NL}","${BO}","B Voorbeeld","Factuur RE-1"`,
    ],
    account: NL,
    currency: null,
    opening: null,
    closing: null,
    wanted: [["2026-01-05", "2026-01-04", "1119.00", "B Voorbeeld", BO, "RE-1"]],
  },
  {
    bank: "KBC",
    encoding: "windows-1252",
    lines: [
      "Rekeningnummer;Rubrieknaam;Naam;Munt;Afschriftnummer;Datum;Omschrijving;Valuta;Bedrag;Saldo;credit;debet;rekeningnummer tegenpartij;BIC tegenpartij;Naam tegenpartij;Adres tegenpartij;gestructureerde mededeling;Vrije mededeling",
      `BE68539007547034;Zicht;VOORBEELD BV;EUR;2026001;05/01/2026;EUROPESE OVERSCHRIJVING;04/01/2026;119,00;1119,00;119,00;;${BO};INGBNL2A;B VOORBEELD;;+++090/9337/55493+++;`,
      `BE68539007547034;Zicht;VOORBEELD BV;EUR;2026001;06/01/2026;DOMICILIËRING;06/01/2026;-12,50;1106,50;;-12,50;${BO};INGBNL2A;C LEVERANCIER;;;Waren`,
    ],
    account: "BE68539007547034",
    currency: "EUR",
    opening: "1000.00",
    closing: "1106.50",
    wanted: [
      ["2026-01-05", "2026-01-04", "119.00", "B VOORBEELD", BO, "090/9337/55493"],
      ["2026-01-06", "2026-01-06", "-12.50", "C LEVERANCIER", BO, "Waren"],
    ],
  },
];
