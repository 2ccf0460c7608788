/** Small bank files of our own: fictional names, test banks' accounts. Each shows the habits of one region. */
const lines = (...texts: readonly string[]): string => `${texts.join("\r\n")}\r\n`;

/** German: SEPA tags over subfields, a returned debit, interim balances, two statements. */
export const MT940_DE = lines(
  ":20:STARTUMS",
  ":25:12030000/0000202051",
  ":28C:00001/001",
  ":60F:C251231EUR1000,00",
  ":61:2601020102CR119,00NTRFNONREF//B-1",
  ":86:166?00SEPA GUTSCHRIFT?109248?20EREF+RE-0000001-2026-ABCDE?21FGH?22",
  "KREF+NONREF?23SVWZ+Rechnung RE-0000001 ?24vom 02.01.2026 Danke?30BYLAD",
  "EM1001?31DE89370400440532013000?32Ada Beispiel-Musterfrau von?33 Augsburg",
  ":61:2601020102DR57,50NRTINONREF//B-2",
  "/OCMT/EUR50,00/CHGS/EUR7,50/",
  ":86:109?00SEPA-LASTSCHR. RUECKBEL.?109248?20EREF+E-2?21MREF+MND-4?22OA",
  "MT+50,00?23COAM+7,50?24SVWZ+Rueckgabe Beitrag Januar?30BYLADEM1001?31D",
  "E02120300000000202051?32Bo Beispiel?34912",
  ":62M:C260102EUR1061,50",
  "-",
  ":20:STARTUMS",
  ":25:12030000/0000202051",
  ":28C:00001/002",
  ":60M:C260102EUR1061,50",
  ":61:2512300102RC61,50N024NONREF",
  ":86:805?00STORNO?20Gutschrift zurueck",
  ":61:260230D0,N024NONREF",
  ":62F:C260102EUR1000,00",
  "-",
);

/** Dutch: words between slashes, accounts with currency, a SWIFT envelope, notes behind the balances. */
export const MT940_NL = lines(
  "{1:F01INGBNL2ABXXX0000000000}",
  "{2:I940INGBNL2AXXXN}",
  "{4:",
  ":20:P260102000000001",
  ":25:NL91ABNA0417164300EUR",
  ":28C:00002",
  ":60F:C260101EUR500,00",
  ":61:2601020102C25,NTRFEREF//26002000000001",
  "/TRCD/00100/",
  ":86:/EREF/E2E-7//CNTP/NL20INGB0001234567/INGBNL2A/B Voorbeeld/UTRECHT//",
  "/REMI/USTD//Factuur RE-0000002//PURP/OTHR/",
  ":61:2601020102C10,5N654NONREF",
  ":86:/TRTP/SEPA OVERBOEKING/IBAN/NL20INGB0001234567/BIC/INGBNL2A/NAME/B ",
  "VOORBEELD/REMI/RE-0000003/EREF/NOTPROVIDED",
  ":61:2601020102C12,N541NONREF",
  "NL20INGB0001234567",
  ":86:/ORDP//NAME/C Voorbeeld/REMI/STRD/CUR/9001123412341234/",
  ":62F:C260102EUR547,5",
  ":65:C260103EUR547,5",
  ":86:/SUM/0/3/0,00/47,50/",
  "-}{5:{CHK:000000000000}}",
);

/** Nordic: text in front, funds code K, entries without `:86:`, several `:86:` of which the first belong to the account. */
export const MT940_DK = lines(
  "Example file",
  "- - - - - - -",
  ":20:3996-0000000001",
  ":25:DABADKKK/0000000001",
  ":28C:00001/001",
  ":60F:C260101DKK100,00",
  ":86:For your inform. IBAN no.: DK5030000000000001",
  ":61:2601020102CK2000,00NMSCDB faktura//1234567",
  ":86:DB faktura 1234567",
  "Testkunde",
  ":61:2601020102DK50,00NMSCGebyr",
  ":62F:C260102DKK2050,00",
  ":64:C260102DKK2050,00",
);

/** Swiss: an IBAN, references of 27 digits in plain text, several `:86:` lines. */
export const MT940_CH = lines(
  ":20:260102",
  ":25:CH9300762011623852957",
  ":28C:2/1",
  ":60F:C260101CHF0,00",
  ":61:2601020102CR1949,75NTRFNONREF//ZV-1",
  "ESR GUTSCHRIFT",
  ":86:210000000003139471430009017",
  "Robert Beispiel, 2501 Biel",
  ":62F:C260102CHF1949,75",
);

export const MT942 = lines(
  ":20:INTRADAY",
  ":25:DE02120300000000202051",
  ":28C:00003/001",
  ":34F:EURD0,",
  ":34F:EURC0,",
  ":13D:2601021030+0100",
  ":61:2601020102EC20,00NTRFNONREF",
  ":86:166?20SVWZ+erwartet",
  ":61:2601020102RD5,00NTRFNONREF",
  ":90D:0EUR0,",
  ":90C:2EUR25,",
  "-",
);

export const OFX_SGML = `OFXHEADER:100
DATA:OFXSGML
VERSION:102
ENCODING:USASCII
CHARSET:1252

<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS></SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>0
<STMTRS><CURDEF>EUR
<BANKACCTFROM><BANKID>12030000<ACCTID>DE02120300000000202051<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20260101<DTEND>20260131
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260102120000.000[+1:CET]<TRNAMT>119,00<FITID>1<NAME>Ada &amp; Bo Beispiel<MEMO>EREF+E-1 SVWZ+Rechnung RE-0000001</STMTTRN>
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260103<TRNAMT>-7.50<FITID>2<NAME>Bank<MEMO>Entgelt</STMTTRN>
</BANKTRANLIST>
<LEDGERBAL><BALAMT>111.50<DTASOF>20260131</LEDGERBAL>
</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
`;

export const OFX_XML = `<?xml version="1.0" encoding="UTF-8"?>
<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>
<OFX><BANKMSGSRSV1>
<STMTTRNRS><STMTRS><CURDEF>EUR</CURDEF><BANKACCTFROM><BANKID>1</BANKID><ACCTID>100</ACCTID></BANKACCTFROM>
<BANKTRANLIST><STMTTRN><TRNTYPE>CREDIT</TRNTYPE><DTPOSTED>20260102</DTPOSTED><TRNAMT>1.00</TRNAMT><FITID>a</FITID><NAME></NAME><PAYEE><NAME>Cem Beispiel</NAME><CITY>Ulm</CITY></PAYEE><MEMO><![CDATA[RE-7 <bald>]]></MEMO></STMTTRN></BANKTRANLIST>
<LEDGERBAL><BALAMT>-2</BALAMT><DTASOF>20260102</DTASOF></LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1>
<CREDITCARDMSGSRSV1><CCSTMTTRNRS><CCSTMTRS><CURDEF>USD</CURDEF><CCACCTFROM><ACCTID>4</ACCTID></CCACCTFROM></CCSTMTRS></CCSTMTTRNRS></CREDITCARDMSGSRSV1>
</OFX>
`;

/** Signed amounts, text in front, running balance, newest first, Windows-1252 when written so. */
export const CSV_DE = lines(
  "Umsätze Girokonto;",
  "Konto;DE02 1203 0000 0000 2020 51",
  "",
  '"Buchungstag";"Wertstellung";"Name Zahlungsbeteiligter";"IBAN Zahlungsbeteiligter";"Buchungstext";"Verwendungszweck";"Betrag";"Waehrung";"Saldo nach Buchung"',
  '"05.01.2026";"05.01.2026";"Bo Beispiel";"DE89370400440532013000";"RUECKLASTSCHRIFT";"EREF+E-2 SVWZ+Rueckgabe AC04";"-57,50";"EUR";"1.061,50"',
  '"02.01.2026";"02.01.2026";"Müller & Söhne";"DE89370400440532013000";"GUTSCHRIFT";"Rechnung RE-0000001";"1.119,00";"EUR";"1.119,00"',
);

export const CSV_NL = lines(
  '"Datum","Naam / Omschrijving","Rekening","Tegenrekening","Code","Af Bij","Bedrag (EUR)","Mutatiesoort","Mededelingen"',
  '"20260102","B Voorbeeld","NL91ABNA0417164300","NL20INGB0001234567","OV","Bij","25,00","Overschrijving","Factuur RE-0000002"',
  '"20260103","Bank","NL91ABNA0417164300","","DV","Af","1,50","Diversen","Kosten"',
);

export const CSV_EN = lines(
  "Date,Description,Money out,Money in,Balance",
  "13/01/2026,Ada Beispiel RE-1,,100.00,350.00",
  "14/01/2026,Fee,5.00,,345.00",
);

export const CSV_SH = lines(
  "Buchungstag;Valuta;Auftraggeber/Zahlungsempfänger;Vorgang/Verwendungszweck;Währung;Umsatz; ",
  "02.01.2026;02.01.2026;Ada Beispiel;RE-1;EUR;1.234,56;H",
  "03.01.2026;03.01.2026;Bank;Entgelt;EUR;4,56;S",
);

export const PAIN_002 = `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
<GrpHdr><MsgId>S-1</MsgId></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>M-1</OrgnlMsgId><OrgnlMsgNmId>pain.008.001.08</OrgnlMsgNmId><GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>
<OrgnlPmtInfAndSts><OrgnlPmtInfId>P-1</OrgnlPmtInfId><PmtInfSts>PART</PmtInfSts>
<TxInfAndSts><OrgnlEndToEndId>E-9</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>Konto aufgelöst</AddtlInf></StsRsnInf>
<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">50.00</InstdAmt></Amt><ReqdColltnDt>2026-01-05</ReqdColltnDt><MndtRltdInf><MndtId>MND-4</MndtId></MndtRltdInf><RmtInf><Ustrd>RE-9</Ustrd></RmtInf><Dbtr><Pty><Nm>Bo Beispiel</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>DE89 3704 0044 0532 0130 00</IBAN></Id></DbtrAcct></OrgnlTxRef></TxInfAndSts>
<TxInfAndSts><OrgnlEndToEndId>NOTPROVIDED</OrgnlEndToEndId><TxSts>ACSC</TxSts></TxInfAndSts>
</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>
`;
