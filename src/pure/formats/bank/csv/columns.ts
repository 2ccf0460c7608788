/**
 * Which columns of a bank's table mean what, by their headers in German, English, Dutch, French, Spanish, Portuguese,
 * Italian, Polish, Czech, Slovak and the Nordic languages. A table is a bank statement when it has a day, an amount (or one column a direction) and none of
 * the columns by which open items, invoices or settlements are known.
 */
export const BANK_FIELDS = [
  "booked",
  "value",
  "amount",
  "debit",
  "credit",
  "sign",
  "balance",
  "currency",
  "name",
  "payer",
  "payee",
  "account",
  "payer_account",
  "payee_account",
  "bic",
  "own_account",
  "remittance",
  "booking_text",
  "end_to_end",
  "mandate",
  "reference",
  "status",
  "original_amount",
  "charges",
  "fee",
  "return_charges",
] as const; // prettier-ignore
export type BankField = (typeof BANK_FIELDS)[number];

/** Of the header, lower case, without accents and punctuation. Whole header, or its beginning where it ends with `*`. */
const SYNONYMS: Readonly<Record<BankField, string>> = {
  booked:
    "buchungstag|buchungsdatum|buchung|datum|tag der buchung|date|booking date|booked|booked on|transaction date|transactiondate|posting date|" +
    "posted date|date posted|post date|completed date|datum abschluss|abschlussdatum|date completed|date started|boekdatum|boekingsdatum|" +
    "transactiedatum|date operation|date d operation|date de l operation|date comptable|date de comptabilisation|fecha|fecha operacion|" +
    "fecha de operacion|data|data operazione|data contabile|bokforingsdag|bokforingsdato|bogfort|dato|transaktionsdatum|transaktionsdag|" +
    "kirjauspaiva|data operacji|data ksiegowania|execution date|uitvoeringsdatum|buchungszeit|effective date|" +
    "dateop|date op|bogfort dato|bokfort dato|utfort dato|tapahtumapaiva|paivamaara|maksupaiva|data transakcji|datum zauctovani|datum provedeni|datum uctovania|datum pohybu|data mov|data movimento|data do movimento|kuupaev|konyveles datuma|bokforingsdatum|reskontradatum|reskontradag|booked at|date completed utc|buchungstag ortszeit|settlement date utc|settlement date local",
  value:
    "valuta datum|valuta date|valutadatum|wertstellung|wertstellungsdatum|wert|wertstellungstag|datum valuta|value date|valuedate|value|valuta|" +
    "rentedatum|date valeur|date de valeur|fecha valor|data valuta|valutadag|rentedato|valor|arvopaiva|data waluty|valutatag|interest date|" +
    "dateval|valor dato|datum valuty|data valor|data de valor|erteknap",
  amount:
    "betrag|betrag eur|betrag in eur|betrag chf|betrag in chf|umsatz|umsatz in eur|umsatz eur|umsatzbetrag|amount|amount eur|" +
    "amount in eur|amount chf|transaction amount|transactieamount|bedrag|bedrag eur|transactiebedrag|montant|montant eur|montant en eur|" +
    "importe|importo|belopp|belop|maara|kwota|kwota operacji|buchungsbetrag|net amount|einzelbetrag|amount gbp|amount usd|betrag usd|" +
    "betrag in kontowahrung|amount in account currency|" +
    "belob|belob dkk|belob eur|maara euroa|summa|suma|kwota transakcji|kwota w walucie rachunku|castka|castka v mene uctu|objem|montante|transaktionsbelopp|zahlungsbetrag|payment amount|zauctovana castka|castka czk|osszeg|importe eur|valor eur|ciastka|credit debit amount|total amount incl vat",
  debit:
    "soll|debit|debet|debit amount|debit eur|debit chf|belastung|belastung in chf|belastungen|belastung chf|belastungsbetrag|lastschrift|" +
    "ausgabe|ausgaben|ausgang|ausgange|af|withdrawal|withdrawals|paid out|money out|debits|dare|cargo|cargos|uit|uitgaven|ut|ut fra konto|" +
    "depenses|debito|obciazenia|lastschrift in chf|withdrawal amount|debit amount eur|" +
    "addebiti|addebito|uttag|debit euros|montant debit|ud af konto|debito eur|maksut|vydaj|vydaje",
  credit:
    "haben|credit|credit amount|credit eur|credit chf|gutschrift|gutschrift in chf|gutschriften|gutschrift chf|gutschriftsbetrag|einnahme|" +
    "einnahmen|eingang|eingange|bij|deposit|deposits|paid in|money in|credits|avere|abono|abonos|in|inkomsten|inn|inn pa konto|recettes|" +
    "credito|uznania|deposit amount|credit amount eur|" +
    "accrediti|accredito|insattning|insattningar|credit euros|montant credit|ind pa konto|credito eur|panot|prijem|prijmy",
  sign:
    "soll haben|soll haben kennzeichen|s h|sh|h s|debit credit|credit debit|debit credit indicator|credit debit indicator|cr dr|dr cr|d c|c d|" +
    "af bij|bij af|vorzeichen|kennzeichen|vz|sollhaben|debet credit|umsatzkennzeichen|sign|creditdebitindicator|debitcreditindicator|" +
    "buchungskennzeichen|debit or credit|sens|" +
    "deebet kreedit",
  balance:
    "saldo|kontostand|balance|saldo nach buchung|kontostand nach buchung|running balance|account balance|saldo na mutatie|solde|saldo chf|" +
    "saldo eur|saldo in eur|balance eur|saldo danach|saldo in chf|saldo po operacji|saldo disponible|closing balance|new balance|" +
    "zustatek|zostatok|accountbalance|saldo contabilistico|egyenleg|wallet saldo nach transaktion|saldo konta|bokfort saldo|saldo na trn|resulting balance|saldo na transactie|nouveau solde",
  currency:
    "wahrung|waehrung|currency|whg|wkz|munt|muntsoort|devise|divisa|valuta code|currency code|kontowahrung|account currency|waluta|moneda|" +
    "wahrung des kontos|" +
    "mena|payment currency|mena uctu|valuutta|valuuta|valuta iso|zahlungswahrung|devizanem|moeda",
  name:
    "name|name zahlungsbeteiligter|beguenstigter zahlungspflichtiger|begunstigter zahlungspflichtiger|auftraggeber beguenstigter|" +
    "auftraggeber begunstigter|auftraggeber empfanger|empfanger absender|absender empfanger|auftraggeber zahlungsempfanger|" +
    "zahlungspflichtiger zahlungsempfanger|auftraggeber|empfanger auftraggeber|gegenpartei|partner name|partner|partnername|counterparty|" +
    "counterparty name|name of counterparty|naam|naam tegenpartij|tegenpartij naam|naam tegenrekening|tegenpartij|naam omschrijving|" +
    "naam van de tegenpartij|naam tegenpartij bevat|description 1|merchant|merchant name|merchantname|contrepartie|nom|nom contrepartie|" +
    "nom de la contrepartie|beneficiario ordenante|avsender mottaker|vastapuoli|saaja maksaja|kontrahent|payee name|name 1|" +
    "beguenstigter auftraggeber|begunstigter auftraggeber|beteiligter|zahlungspartner|" +
    "navn|namn|nazev protiuctu|nazov protiuctu|nazwa kontrahenta|nadawca odbiorca|saaja maksja|protistrana|empfanger auftraggeber name|auftraggeber empfanger name|partner neve|afsender modtager|name description|nom description|empfaenger 1|empfaenger|beguenstigter|beschreibung1|description1|descrizione1|naam begunstigde|partei|empfaenger auftraggeber|zahlungsempfanger zahlungspflichtiger|mottagare betalare|kontoinhaber",
  payer:
    "zahlungspflichtiger|zahlungspflichtige|absender|payer|payer name|debtor|debtor name|zahler|ordenante|donneur d ordre|name zahlungspflichtiger|" +
    "nadawca|maksaja|ordonnateur|zahlungspflichtige r|auftraggebername|avsandare|afsender",
  payee:
    "zahlungsempfanger|zahlungsempfangerin|empfanger|payee|creditor|creditor name|beneficiary|beneficiary name|begunstigter|beguenstigter|" +
    "begunstigde|beneficiaire|name zahlungsempfanger|empfanger 1|" +
    "odbiorca|saaja|destinatario|zahlungsempfanger in|empfangername|mottagare|modtager",
  account:
    "kontonummer iban|iban zahlungsbeteiligter|iban|gegenkonto|kontonummer|konto|konto nr|iban kontonummer|partner iban|iban des partners|" +
    "iban auftraggeber|tegenrekening|tegenrekening iban bban|tegenrekening iban|rekening tegenpartij|bank account|counterparty account|" +
    "counterparty iban|account number|account no|compte contrepartie|numero de compte contrepartie|motkonto|iban gegenkonto|kontonummer blz|" +
    "gegenkonto iban|iban zahlungspartner|kontonr|partner account number|counterparty account number|account iban|" +
    "protiucet|cislo protiuctu|protiucet a kod banky|numer konta|numer rachunku kontrahenta|saajan tilinumero*|tilinumero|rekeningnummer tegenpartij|iban tegenpartij|gegenkontonummer|auftraggeber iban|iban kontonummer auftraggeber empfanger",
  payer_account: "payer account number|payer iban|iban zahlungspflichtiger|payer account|auftraggeber iban kto nr",
  payee_account:
    "empfangerkonto|payee account number|payee iban|iban zahlungsempfanger|payee account|beneficiary account number|empfanger iban kto nr|beneficiary iban",
  bic:
    "bic|bic swift code|bic zahlungsbeteiligter|swift|bic swift|blz|bankleitzahl|bic code|swift bic|bic tegenpartij|empfanger auftraggeber bic|partner bic|bic swiftcode|" +
    "counterparty bic|blz bic",
  own_account:
    "auftragskonto|iban auftragskonto|bezeichnung auftragskonto*|rekening|eigen rekening|rekeningnummer|iban bban|own account|own iban|" +
    "account|numero de compte|mein konto|konto auftraggeber|eigene iban|eigenes konto|your account|kontobezeichnung|account name|" +
    "wallet iban|accountnum|cislo uctu|rachunek|numero compte|kliendi konto|konto des inhabers|iban kontoinhaber|iban auftraggeberkonto|auftraggeberkonto|sort account no|inhaberkonto|compte",
  remittance:
    "verwendungszweck*|vorgang verwendungszweck|vwz*|zahlungszweck|zahlungsgrund|text|beschreibung*|description*|details|payment details|transaction details|" +
    "omschrijving*|mededeling*|communication*|libelle*|label|memo|remittance*|payment reference|reference text|concepto|descrizione|causale|" +
    "narrative|mitteilung*|mitteilungen|avisierungstext|notes|note|information|buchungsinformation|buchungsdetails|purpose|message|" +
    "zusatzinformationen|tekst|tekst*|forklaring|melding|viesti|meddelande|tytul|opis operacji|verwendung|vermerk|zweck|bemerkung|" +
    "informations*|transaction description|verwendungszweck beschreibung|unstructured*|betalingskenmerk|gestructureerde mededeling|" +
    "transaktion|rubrik|tittel|titel|beskrivelse|beskrivning|selitys|selgitus|tytul operacji|opis|opis transakcji|poznamka|zprava pro prijemce|sprava pre prijemcu|uzivatelska identifikace|descricao|descritivo|kozlemeny|designation|buchungs details|notifications|vrije mededeling|meddelelse",
  booking_text:
    "buchungstext|umsatzart|umsatztyp|transaction type|type|typ|mutatiesoort|code|vorgang|textschlussel|" +
    "transaktionstyp|buchungsart|art|bookingtext|geschaftsvorfall|type d operation|transaktionsart|mutatie soort|transaktions text",
  end_to_end:
    "kundenreferenz end to end|kundenreferenz|end to end|end to end id|end to end referenz|end to end reference|e2e|e2e referenz|endtoendid|" +
    "ende zu ende referenz|end to end identification|end to end referentie",
  mandate:
    "mandatsreferenz|mandatsref|mandate reference|mandate id|machtigingskenmerk|mandaatkenmerk|mandaatnummer|mandat|mandatsnummer|mandate|" +
    "machtiging|reference du mandat",
  reference:
    "referenz|reference|referenznummer|ref|transaction id|transactionid|transaktions id|buchungsreferenz|reference number|transactie referentie|" +
    "transactiereferentie|volgnr|volgnummer|transaction reference|umsatz id|umsatznummer|nummer|entry reference|bank reference|" +
    "laufende nummer|referentie|transaktionsnummer|transaktions nr|buchungs id",
  status: "info|status|state|statetype|state type|buchungsstatus|umsatzstatus|booking status",
  original_amount: "lastschrift ursprungsbetrag|ursprungsbetrag|ursprunglicher betrag",
  charges: "auslagenersatz rucklastschrift|auslagenersatz ruecklastschrift|auslagenersatz",
  fee: "fee|fees|gebuhr|gebuhren|gebuehr|entgelt|kosten|frais|costs",
  return_charges: "ruecklastschriftgebuhr|rucklastschriftgebuhr",
};

/** Headers of tables that are something else: items to be paid, bookkeeping, settlements of payment providers. */
const OTHERS: ReadonlySet<string> = new Set(
  (
    "customer number|customer no|customer id|client number|kundennummer|kunden nr|kundennr|kdnr|kundenid|kunde nr|debitor|debitoren|" +
    "debitorennummer|debitornr|debitorenkonto|personenkonto|invoice number|invoice|invoice no|invoice id|document number|document no|" +
    "bill number|rechnungsnummer|rechnungsnr|rechnung|rechnung nr|re nr|renr|rg nr|rgnr|belegnr|beleg|belegfeld 1|" +
    "rechnungsdatum|invoice date|due date|due|due date agreed|fallig|fallig am|faellig am|falligkeit|faelligkeit|falligkeitsdatum|zahlbar bis|" +
    "net|netto|gross|brutto|gross amount|fee amount|settlement id|order id|payout id|balance transaction id|psp reference|merchant reference|" +
    "umsatz ohne soll haben kz|gegenkonto ohne bu schlussel"
  ).split("|"),
);

/** Headers of lists of cards and vouchers that banks' statements have too: alone they are no statement of an account. */
const DOUBTFUL: ReadonlySet<string> = new Set(
  "belegdatum|belegnummer|card id|cardid|card number|kartennummer|kreditkartennummer".split("|"),
);

export const plainHeader = (header: string): string =>
  header
    .slice(0, 100)
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .replaceAll("ß", "ss")
    .replaceAll("ø", "o")
    .replaceAll("æ", "ae")
    .replaceAll("œ", "oe")
    .replace(/[łŁ]/g, "l")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, " ")
    .trim();

const BY_NAME = new Map<string, BankField>();
const BEGINNINGS: (readonly [string, BankField])[] = [];
for (const field of BANK_FIELDS)
  for (const name of SYNONYMS[field].split("|")) {
    if (!name.endsWith("*")) {
      if (!BY_NAME.has(name)) BY_NAME.set(name, field);
    } else {
      BEGINNINGS.push([name.slice(0, -1), field]);
      if (!BY_NAME.has(name.slice(0, -1))) BY_NAME.set(name.slice(0, -1), field);
    }
  }

/** Field of one header; null when it means nothing to us. */
export function bankField(header: string): BankField | null {
  const plain = plainHeader(header);
  const bare = plain.replace(/ (in )?(eur|chf|usd|gbp|euro)$/, "");
  return (
    BY_NAME.get(plain) ??
    BY_NAME.get(bare) ??
    BEGINNINGS.find(([start]) => start !== "" && plain.startsWith(start))?.[1] ??
    null
  );
}

/** What tells the better of two columns: the day of booking of other days, the other party's of one's own. */
const BETTER: Partial<Record<BankField, RegExp>> = {
  booked: /buchung|booking|booked|bokfor|bogfor|reskontra|posting|boek|ksiegowania|zauctovan|comptab/,
  name: /tegenpartij|counterparty|gegenpartei|zahlungsbeteilig|partner/,
  account: /tegenpartij|counterparty|gegenpartei|zahlungsbeteilig|partner|gegenkonto|\biban\b/,
  own_account: /\biban\b/,
  bic: /tegenpartij|counterparty|gegenpartei|zahlungsbeteilig|partner/,
};

/** Fields that may stand in several columns: the first that says something counts, texts one after the other. */
const SEVERAL: ReadonlySet<BankField> = new Set(["remittance", "booking_text", "payer_account", "payee_account"]);

/** What a header means beside the others: `Counterparty` beside `Name` is an account. */
function fieldBeside(plain: string, all: ReadonlySet<string>): BankField | null {
  if (plain === "counterparty" && (all.has("name") || all.has("name description"))) return "account";
  if (plain === "valuta" && all.has("valutadag")) return "currency";
  if (plain === "auftraggeberkonto" && all.has("empfangerkonto")) return "payer_account";
  return bankField(plain);
}

/** Columns by field, in order of the table; remittance may stand in several. */
export type BankColumns = ReadonlyMap<BankField, readonly number[]>;

/** Where nothing else is the text, it stands in `Buchungstext`. */
function withText(columns: Map<BankField, number[]>, plain: readonly string[]): void {
  const texts = columns.get("booking_text") ?? [];
  const text = texts.findLast((index) => /^(buchungstext|bookingtext)$/.test(plain[index] ?? ""));
  if (columns.has("remittance") || text === undefined) return;
  columns.set("remittance", [text]);
  const kinds = texts.filter((index) => index !== text);
  if (kinds.length > 0) columns.set("booking_text", kinds);
  else columns.delete("booking_text");
}

/** Null when the header is not that of a bank statement. */
export function bankColumns(header: readonly string[]): BankColumns | null {
  if (header.length < 3 || header.some((cell) => OTHERS.has(plainHeader(cell)))) return null;
  const columns = new Map<BankField, number[]>();
  const plain = header.map(plainHeader);
  const all = new Set(plain);
  for (const [index, cell] of plain.entries()) {
    const field = fieldBeside(cell, all);
    if (field === null) continue;
    const known = columns.get(field);
    const first = known?.[0];
    const better = BETTER[field];
    const isBetter = first !== undefined && better?.test(cell) === true && !better.test(plain[first] ?? "");
    if (!known) columns.set(field, [index]);
    else if (SEVERAL.has(field)) known.push(index);
    // Beside the IBAN stand the account's name or its old number: they count where the IBAN is empty.
    else if (field === "own_account" || field === "account")
      columns.set(field, isBetter ? [index, ...known] : [...known, index]);
    else if (isBetter) columns.set(field, [index]);
    // `Betrag` twice: the first counts; `Name` twice: payer first, payee second.
  }
  withText(columns, plain);
  // Business accounts of the web call the payment's text so; elsewhere it is the bank's own number.
  const reference = plain.indexOf("reference");
  if (reference >= 0 && (all.has("counterparty name") || all.has("beneficiary iban")))
    columns.set("remittance", [...(columns.get("remittance") ?? []), reference]);
  const has = (field: BankField): boolean => columns.has(field);
  // `Soll/Haben` may be the amount itself, with its sign.
  const sign = columns.get("sign");
  if (sign && !has("amount") && !has("debit") && columns.delete("sign")) columns.set("amount", sign);
  // One day alone may be called value date.
  if (!has("booked") && !has("value")) return null;
  if (!has("amount") && !(has("debit") && has("credit"))) return null;
  const doubtful = header.some((cell) => DOUBTFUL.has(plainHeader(cell)));
  if (doubtful && !has("balance") && !(has("value") && (has("account") || has("payer_account")))) return null;
  // A day and an amount are in every table; a bank's tells of text, party or balance too.
  const more = ["remittance", "name", "payer", "payee", "account", "balance", "booking_text"] as const;
  return more.some(has) ? columns : null;
}
