/** Dialects met in files of banks and programs; the texts here are written for the tests. */
import { describe, expect, test } from "vitest";
import { detectFormat, readStatements, type StatementEvent } from "../../../src/pure/formats/index.ts";
import { formatDecimal } from "../../../src/pure/kernel/index.ts";

async function read(text: string | Uint8Array): Promise<StatementEvent[]> {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  const detected = detectFormat(bytes, true);
  if (!detected.ok || detected.value.kind !== "statement") throw new Error("not a statement");
  const events: StatementEvent[] = [];
  for await (const event of readStatements(detected.value, [bytes])) events.push(event);
  return events;
}
/** `-12.50 2026-01-02 none` of each entry. */
const entries = (events: readonly StatementEvent[]): string[] =>
  events.flatMap((event) =>
    event.kind === "entry"
      ? [
          `${event.entry.credit ? "" : "-"}${formatDecimal(event.entry.amount)} ${event.entry.bookedOn} ${event.entry.status}`,
        ]
      : [],
  ); // prettier-ignore
/** Account, currency, opening, closing, whether they add up. */
const ends = (events: readonly StatementEvent[]): (string | boolean | null)[][] =>
  events.flatMap((event) => {
    if (event.kind !== "statement_end") return [];
    const { opening, closing, reconciles } = event.totals;
    const { iban, other } = event.statement.account;
    const shown = (value: typeof opening): string | null => (value ? formatDecimal(value) : null);
    return [[iban ?? other, event.totals.currency, shown(opening), shown(closing), reconciles]];
  });
const transaction = (events: readonly StatementEvent[], at = 0) =>
  events.flatMap((event) => (event.kind === "entry" ? event.entry.transactions : []))[at];
const problems = (events: readonly StatementEvent[]): string[] =>
  events.flatMap((event) =>
    event.kind === "warning" ? [event.warning.code] : event.kind === "failed" ? [event.error.code] : [],
  );

describe("MT940", () => {
  test("marks written small", async () => {
    const events = await read(
      ":20:A\n:25:DE02120300000000202051\n:28C:1/1\n:60F:C260101EUR10,\n:61:2601020102d1,01N946NONREF\n:61:2601020102rd0,01NTRFNONREF\n:62F:C260102EUR9,\n-\n",
    );
    expect(entries(events)).toEqual(["-1.01 2026-01-02 none", "0.01 2026-01-02 none"]);
    expect(ends(events)).toEqual([["DE02120300000000202051", "EUR", "10.00", "9.00", true]]);
  });

  const lines = (...written: readonly string[]): string => `${written.join("\r\n")}\r\n`;
  const whole = [
    ":20:A",
    ":25:DE02120300000000202051",
    ":28C:1/1",
    ":60F:C260101EUR10,",
    ":61:2601020102C1,NTRFNONREF",
    ":86:RE-1",
    ":62F:C260102EUR11,",
    "-",
  ]; // prettier-ignore
  const changed = (from: string, to: string): string => lines(...whole.map((text) => text.replace(from, to)));
  const details = async (...field: readonly string[]) =>
    transaction(await read(lines(...whole.flatMap((text) => (text === ":86:RE-1" ? field : [text])))));
  test("Polish banks: the code in a field of its own, the IBAN in subfield 38", async () => {
    const found = await details(
      ":86:020",
      ":86:020~00IBPL",
      "~20Faktura 77/2026~21 za luty",
      "~3010500099~31234567890",
      "~32ALFA SP. Z O.O.~33",
      "~34020~38PL61109010140000071219812874~60KRAKOW",
    ); // prettier-ignore
    expect(found).toMatchObject({ payer: { name: "ALFA SP. Z O.O.", iban: "PL61109010140000071219812874" } });
    expect(found?.remittance.join(" ")).toContain("Faktura 77/2026");
  });
  test("Polish labels", async () => {
    const found = await details(
      ":86:770 PRZELEW KRAJOWY; Z RACH.: ",
      "61109010140000071219812874; OD: BETA SP. Z O.O. ; TYT.: ZAPLATA ",
      "ZA FAKTURE NR 1/2026   ; TNR: 145411006445851.000001",
    ); // prettier-ignore
    expect(found).toMatchObject({
      payer: { name: "BETA SP. Z O.O.", other: "61109010140000071219812874" },
      remittance: ["ZAPLATA ZA FAKTURE NR 1/2026"],
    });
  });
  test("Dutch labels between bars", async () => {
    const found = await details(
      ":86:0001 SEPA Overboeking | (02-01) IBAN: NL20INGB0001234567 | BIC: INGBNL2A | Naam: B Voorbeeld | Omschrijving: factuur: 77",
    ); // prettier-ignore
    expect(found).toMatchObject({ payer: { name: "B Voorbeeld", iban: "NL20INGB0001234567", bic: "INGBNL2A" } });
    expect(found?.remittance.join(" ")).toContain("factuur: 77");
  });
  test("a line of 65 characters with its tag goes on in the next without a space", async () => {
    const first = ":86:166?00GUTSCHRIFT?109251?20EREF+ABC.122.UE.266455?21SVWZ+Re 17";
    expect(first).toHaveLength(65);
    const found = await details(first, "-H-0005 vom?22 24.04.2026?32Ada Beispiel");
    expect(found?.remittance).toEqual(["Re 17-H-0005 vom 24.04.2026"]);
    const words = await details(
      ":86:166?00GUTSCHRIFT?20SVWZ+Rechnung",
      "RE-1 vom 24.04.2026 ueber einhundertneunzehn Euro?32Ada",
    );
    expect(words?.remittance.join(" ")).toContain("Rechnung RE-1");
  });
  test("British banks begin the text behind the entry and go on in its field", async () => {
    const behind = "F/FLOW EXAMPLE LTD    TFRPAYMENTRE";
    expect(behind).toHaveLength(34);
    const text = lines(...whole.flatMap((line) => (line === ":86:RE-1" ? [behind, ":86:FERENCE12"] : [line])));
    expect(transaction(await read(text))?.remittance).toEqual(["F/FLOW EXAMPLE LTD TFRPAYMENTREFERENCE12"]);
    const alone = lines(...whole.flatMap((line) => (line === ":86:RE-1" ? ["CHEQUE 000016"] : [line])));
    expect(transaction(await read(alone))?.remittance).toEqual(["CHEQUE 000016"]);
  });
  test.each<[string, string]>([
    ["CR1,", "1.00"],
    ["DR1,", "-1.00"],
    ["CEUR1,", "1.00"],
    ["DEUR1,", "-1.00"],
    ["CREUR1,", "1.00"],
    ["RC1,", "-1.00"],
    ["RCR1,", "-1.00"],
    ["RDR1,", "1.00"],
    ["RDEUR1,", "1.00"],
    ["CN1,", "1.00"],
    ["DS1,", "-1.00"],
    ["CF1,", "1.00"],
  ])("mark and funds code %s", async (mark, amount) => {
    const events = await read(changed("0102C1,NTRF", `0102${mark}NTRF`));
    expect(entries(events)).toEqual([`${amount} 2026-01-02 none`]);
  });
  test("every subfield called ?00", async () => {
    const found = await details(
      ":86:168?00ECHTZEIT-GUTSCHRIFT?109310?00SVWZ+Rechnung RE-1?30BYLADEM1001?31DE02120300000000202051?00Ada Beispiel",
    ); // prettier-ignore
    expect(found).toMatchObject({ payer: { name: "Ada Beispiel" }, remittance: ["Rechnung RE-1"] });
  });

  test.each<[string, string, string]>([
    ["line ends written as @@", `@@${whole.join("@@")}@@`, "2026-01-02"],
    ["no line ends at all", whole.join(""), "2026-01-02"],
    [
      "tags written small",
      lines(...whole.map((text) => text.replace(":60F:", ":60f:").replace(":62F:", ":62f:"))),
      "2026-01-02",
    ],
    ["a space in front of the date", changed(":61:26", ":61: 26"), "2026-01-02"],
    ["spaces between the parts", changed("2601020102C1,NTRF", "260102 0102 C 1,00 NTRF "), "2026-01-02"],
    ["an entry date with its year", changed("2601020102C", "260102260103C"), "2026-01-03"],
  ])("%s", async (_name, text, day) => {
    const events = await read(text);
    expect(entries(events)).toEqual([`1.00 ${day} none`]);
    expect(ends(events)).toEqual([["DE02120300000000202051", "EUR", "10.00", "11.00", true]]);
    expect(transaction(events)?.remittance).toEqual(["RE-1"]);
  }); // prettier-ignore

  test("an interim report behind the statement: what it announces is not booked, and nothing is missing", async () => {
    const events = await read(
      ":20:STARTUMS\n:25:12030000/202051\n:28C:0\n:60F:C260101EUR100,\n:61:2601020102D50,NDDTNONREF\n:86:105?00LASTSCHRIFT\n:62F:C260102EUR50,\n-+@350@\n" +
        ":20:STARTDISP\n:25:12030000/202051\n:28C:0\n:34F:EUR20,\n:13D:2601021305+0100\n:61:2601050105D20,NDDTNONREF\n:86:105?20KARTE\n:90D:1EUR20,\n:90C:0EUR0,\n-\n",
    );
    expect(entries(events)).toEqual(["-50.00 2026-01-02 none", "-20.00 2026-01-05 pending"]);
    expect(ends(events)).toEqual([
      ["12030000/202051", "EUR", "100.00", "50.00", true],
      ["12030000/202051", "EUR", null, null, null],
    ]);
    expect(problems(events)).toEqual([]);
  });
});

describe("tables", () => {
  const table = (...lines: readonly string[]): string => `${lines.join("\n")}\n`;

  test.each<[string, string, string[]]>([
    [
      "Danish",
      table(
        "Dato;Tekst;Beløb;Saldo;Status",
        "05.01.2026;Overførsel;1.500,00;2.500,00;Udført",
        "06.01.2026;BUTIK;-23,45;2.476,55;Udført",
      ),
      ["1500.00 2026-01-05 none", "-23.45 2026-01-06 none"],
    ],
    [
      "Finnish",
      table(
        "Kirjauspäivä;Arvopäivä;Määrä EUROA;Selitys;Saaja/Maksaja;Viesti",
        "2026-01-05;2026-01-05;1500,00;TILISIIRTO;VIRTA OY;lasku",
      ),
      ["1500.00 2026-01-05 none"],
    ],
    [
      "Italian, two columns",
      table(
        "Data contabile;Data valuta;Descrizione;Accrediti;Addebiti",
        "05/01/2026;05/01/2026;Bonifico;1.500,00;",
        "06/01/2026;06/01/2026;Pagamento;;-23,45",
      ),
      ["1500.00 2026-01-05 none", "-23.45 2026-01-06 none"],
    ],
    [
      "French, two columns",
      table("Date;Libellé;Débit euros;Crédit euros;", "06/01/2026;CARTE;23,45;;", "05/01/2026;VIREMENT;;1 500,00;"),
      ["-23.45 2026-01-06 none", "1500.00 2026-01-05 none"],
    ],
    [
      "French headers without spaces",
      table(
        "dateOp;dateVal;label;amount;accountNum;accountbalance",
        '2026-01-05;2026-01-05;"VIR";"1 500,00";00040;2500.00',
      ),
      ["1500.00 2026-01-05 none"],
    ],
    [
      "Czech",
      table(
        "Datum;Objem;Měna;Protiúčet;Název protiúčtu;Zpráva pro příjemce",
        "02.01.2026;200,50;CZK;123;Novák;faktura",
      ),
      ["200.50 2026-01-02 none"],
    ],
    [
      "Polish",
      table("Data operacji;Tytuł;Nadawca/Odbiorca;Kwota", "2026-01-05;FAKTURA;ALFA;1 500,00"),
      ["1500.00 2026-01-05 none"],
    ],
    [
      "names of months",
      table(
        "Date,Type,Description,Amount,Balance",
        "15 Mar 2026,DD,PHONE,-80.78,613.32",
        "1 Mar 2026,CR,SMITH,10.00,694.10",
      ),
      ["-80.78 2026-03-15 none", "10.00 2026-03-01 none"],
    ],
    [
      "the amount under Soll/Haben",
      table(
        "Buchungstag;Wertstellung;Soll/Haben;Buchungsart;Empfänger/Auftraggeber Name;Empfänger/Auftraggeber IBAN;Vwz.0",
        "25.03.2026;25.03.2026;-19,99;Lastschrift;Strom;DE02120300000000202051;RE-1",
      ),
      ["-19.99 2026-03-25 none"],
    ],
    [
      "a column for the card's number",
      table(
        "Buchungsdatum,Status,Auftraggeber/Empfänger,Verwendungszweck,Kartennummer,Zahlungswährung,Zahlungsbetrag,Wallet-Saldo nach Transaktion,Wallet-IBAN",
        "05.01.2026,Abgeschlossen,Bo,RE-1,,EUR,500.00,880.00,DE02120300000000202051",
      ),
      ["500.00 2026-01-05 none"],
    ],
    [
      "a column for the voucher's day",
      table(
        "Konto;Datum;Valuta;Betrag;Währung;Name;Zweck;Belegdatum",
        "DE02120300000000202051;20.11.26;20.11.26;1.851,56;EUR;Bo;RE-1;",
      ),
      ["1851.56 2026-11-20 none"],
    ],
  ])("%s", async (_name, text, wanted) => {
    const events = await read(text);
    expect(entries(events)).toEqual(wanted);
    expect(problems(events)).toEqual([]);
  }); // prettier-ignore

  test("lists of cards stay refused", () => {
    const text = table(
      "Umsatz abgerechnet;Wertstellung;Belegdatum;Beschreibung;Betrag (EUR)",
      "Ja;05.01.2026;04.01.2026;LADEN;-5,00",
    );
    const detected = detectFormat(Buffer.from(text), true);
    expect(detected.ok && detected.value.kind === "statement").toBe(false);
  }); // prettier-ignore

  test("what is reserved has no day or no balance; Valuta is the currency in the North", async () => {
    const north = await read(
      table(
        "Bokföringsdag;Belopp;Namn;Rubrik;Saldo;Valuta",
        "Reserverat;-99,00;;Kortköp;;SEK",
        "2026/01/05;3000,00;Ada;Insättning;8778,76;SEK",
        "2026/01/04;-50,19;;Kortköp;5778,76;SEK",
      ),
    ); // prettier-ignore
    expect(entries(north)).toEqual(["3000.00 2026-01-05 none", "-50.19 2026-01-04 none"]);
    expect(ends(north)).toEqual([[null, "SEK", "5828.95", "8778.76", true]]);
    const old = await read(
      table(
        "Datum;Transaktion;Belopp;Saldo",
        "2026-01-05;Reservation Kortköp;-99,00;",
        "2026-01-05;Swish;3.000,00;8.778,76",
        "2026-01-05;Autogiro;-50,19;5.778,76",
      ),
    ); // prettier-ignore
    expect(entries(old)).toEqual(["-99.00 2026-01-05 pending", "3000.00 2026-01-05 none", "-50.19 2026-01-05 none"]);
    expect(ends(old)).toEqual([[null, null, "5828.95", "8778.76", true]]);
  });

  test("fees beside the amounts count when the balances say so", async () => {
    const rows = (last: string): string =>
      table(
        "Completed Date,Description,Amount,Fee,Currency,Balance",
        "2026-01-05,In,100.00,0.00,EUR,1100.00",
        `2026-01-06,Shop,-10.00,0.50,EUR,${last}`,
      );
    expect(entries(await read(rows("1089.50")))).toEqual(["100.00 2026-01-05 none", "-10.50 2026-01-06 none"]);
    expect(entries(await read(rows("1090.00")))).toEqual(["100.00 2026-01-05 none", "-10.00 2026-01-06 none"]);
  }); // prettier-ignore

  test("the account is the IBAN, not its name; without it the number beside it; no day in front of the table", async () => {
    const own = await read(
      table(
        "Bezeichnung Auftragskonto;IBAN Auftragskonto;Buchungstag;Valutadatum;Name Zahlungsbeteiligter;Konto-Nr.;IBAN;Betrag;Waehrung",
        "Haus;DE02120300000000202051;05.01.2026;05.01.2026;Ada;123;DE89370400440532013000;1,00;EUR",
        "Haus;DE02120300000000202051;05.01.2026;05.01.2026;Bo;123456;;2,00;EUR",
      ),
    ); // prettier-ignore
    expect(ends(own)).toEqual([["DE02120300000000202051", "EUR", null, null, null]]);
    expect(transaction(own)?.payer.iban).toBe("DE89370400440532013000");
    expect(transaction(own, 1)?.payer.other).toBe("123456");
    const front = await read(
      table(
        "Compte de Dépôt carte n° 12345678901;",
        "Liste des opérations du compte entre le 01/01/2026 et le 31/01/2026;",
        "Date;Libellé;Débit euros;Crédit euros;",
        "06/01/2026;CARTE;23,45;;",
      ),
    ); // prettier-ignore
    expect(ends(front)).toEqual([["12345678901", "EUR", null, null, null]]);
  });
});
