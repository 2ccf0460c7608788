/** Fictional customers: names, addresses in towns that do not exist, ways to reach them, accounts. */
import type { Random } from "../../../pure/kernel/index.ts";
import type { CreditorKey } from "../setting.ts";

export interface SampleCustomer {
  readonly number: string;
  readonly kind: "consumer" | "business";
  readonly firstName?: string;
  readonly name?: string;
  readonly company?: string;
  readonly street: string;
  readonly postcode: string;
  readonly city: string;
  /** ISO 3166-2:DE without prefix. */
  readonly state: string;
  readonly email?: string;
  readonly phone?: string;
  readonly language: "de" | "en";
  readonly iban: string;
  /** The creditor knows the account and its files name it. */
  readonly ibanKnown: boolean;
  readonly creditors: readonly CreditorKey[];
}

/** No gazetteer knows these towns; postcodes have the form and the region of real ones. */
const TOWNS: readonly (readonly [postcode: string, city: string, state: string])[] = [
  ["31899", "Quellingen", "NI"],
  ["29698", "Heidmoor an der Lehe", "NI"],
  ["53989", "Rheinfurth", "NW"],
  ["42498", "Erzbach", "NW"],
  ["83399", "Sankt Alban am See", "BY"],
  ["95599", "Fichtelsteig", "BY"],
  ["74299", "Neckarsteig", "BW"],
  ["78799", "Tannweiler", "BW"],
  ["63999", "Mainhöfen", "HE"],
  ["01999", "Elbgrunda", "SN"],
  ["25999", "Nordersand", "SH"],
  ["18599", "Seehagen", "MV"],
  ["15999", "Märkisch Linde", "BB"],
  ["98799", "Waldzella", "TH"],
  ["56899", "Moselruh", "RP"],
  ["66899", "Saarwinkel", "SL"],
  ["39499", "Bodefeld", "ST"],
]; // prettier-ignore
const STREETS = [
  "Ahornweg",
  "Am Mühlenteich",
  "Lindenstraße",
  "Bahnhofstraße",
  "Amselgrund",
  "Zur Alten Gärtnerei",
  "Brunnengasse",
  "Kiebitzweg",
  "Schäferberg",
  "Obere Gasse",
  "Rosa-Wiesner-Straße",
  "Hopfenallee",
  "Kastanienring",
  "Fuchsbau",
  "Marktplatz",
  "Wiesengrund",
  "Dr.-Elsner-Straße",
  "An der Fähre",
  "Sonnenhang",
  "Kirchweg",
  "Kapellenstraße",
  "Torfstich",
]; // prettier-ignore

const FIRST_NAMES = [
  "Käthe",
  "Jürgen",
  "Björn",
  "Anneliese",
  "Leonie",
  "Finn",
  "Ömer",
  "Ayşe",
  "Günther",
  "Hanna",
  "Maximilian",
  "Sören",
  "Zoë",
  "Amélie",
  "Karl-Heinz",
  "Anna-Lena",
  "Piotr",
  "Agnieszka",
  "Thị Mai",
  "Rafael",
  "Ines",
  "Volker",
  "Gesa",
  "Thore",
  "Ulrike",
  "Dagmar",
  "Nils",
  "Farid",
  "Leyla",
  "Oksana",
  "Giulia",
  "Matteo",
  "Wiebke",
  "Hauke",
  "Konstantin",
  "Miriam",
  "Jörg",
  "Bärbel",
  "Rüdiger",
  "Lucía",
  "Femke",
  "Ole",
  "Margarethe",
  "Emil",
  "Nora",
  "Tilda",
  "Arthur",
  "Selma",
  "Ida",
  "Bruno",
]; // prettier-ignore
const ENGLISH_FIRST_NAMES = [
  "Siobhan",
  "Gareth",
  "Priya",
  "Callum",
  "Abigail",
  "Kwame",
  "Rosie",
  "Declan",
  "Imogen",
  "Tunde",
];
const LAST_NAMES = [
  "Grünwald",
  "Schäfer-Blohm",
  "Mühlhäuser",
  "Brandtönnies",
  "Öztürk",
  "Yıldırım",
  "Kowalczyk",
  "Wiśniewska",
  "Nguyễn",
  "Größinger",
  "Weißenborn",
  "von der Heyden",
  "Freiherr zu Alsen",
  "Hübschmann",
  "Tönjes",
  "Rößler",
  "Jankowski",
  "Petrović",
  "da Silva Ramos",
  "Bianchetti",
  "El Amrani",
  "Haddadi",
  "Popescu",
  "Lewandowski-Kühn",
  "Überacker",
  "Sauerbier",
  "Ackerknecht",
  "Morgenstern",
  "Klüver",
  "Bohnsack",
  "Dörflinger",
  "Eickhölter",
  "Fürchtenicht",
  "Gänsbauer",
  "Hollerbach",
  "Iwersen",
  "Jäkelmann",
  "Küppersbusch-Ley",
  "Löwenzahn",
  "Möbius",
  "Niederquell",
  "Oßwaldt",
  "Pfefferkorn",
  "Quäck",
  "Rübsam",
  "Süßmilch",
  "Theißen",
  "Uhlenbrock",
  "Vößing",
  "Wüstefeld",
  "Zöllkau",
  "Meyer",
  "Müller",
  "Schmidt",
  "Schröder",
  "Bauer",
]; // prettier-ignore
const ENGLISH_LAST_NAMES = [
  "O'Rafferty",
  "Thistlewood",
  "Banerjee",
  "McAllen",
  "Okonkwo",
  "Pemberley",
  "Featherstone",
  "Adeyemi",
];
const COMPANIES = [
  "Gärtnerei Sonnentau GmbH",
  "Hotel Zum Alten Speicher GmbH",
  "Kita Regenbogenwiese e. V.",
  "Café Löffelweise",
  "Hausverwaltung Brückner & Söhne KG",
  "Tischlerei Eichenlaub",
  "Praxis Dr. Ehlers & Partner",
  "Baumschule Uhlenhorst OHG",
  "Quellinger Wohnbau eG",
  "Bäckerei Krümelmann",
  "Friedhofsgärtnerei Immergrün",
  "Autohaus Rädchen GmbH & Co. KG",
  "Seniorenresidenz Abendrot gGmbH",
  "Weingut Steilhang",
  "Möbelwerk Fürstenau AG",
  "Landgasthof Zum Hecht",
  "Floristik Blütezeit",
  "Yoga Loft Tannweiler UG (haftungsbeschränkt)",
  "Reiterhof Hufschlag",
  "Sportverein Eintracht Erzbach e. V.",
  "Druckerei Farbenfroh GmbH",
  "Imkerei Summsel",
  "Kanzlei von Tiedemann",
  "Campingplatz Seehagen GmbH",
  "Brauerei Gerstensaft KG",
  "Metallbau Schweißfuß GmbH",
  "Tierklinik Pfotenglück",
  "Schreiner & Töchter GbR",
  "Stiftung Kulturscheune",
  "Northwind Traders Example Ltd.",
]; // prettier-ignore
/** Kept free for films and books by the Bundesnetzagentur. */
const FICTION_NUMBERS: readonly (readonly [prefix: string, digits: number])[] = [
  ["+493023125", 3],
  ["+496990009", 3],
  ["+494066969", 3],
  ["+492214710", 3],
  ["+498999998", 3],
  ["+4917139200", 2],
]; // prettier-ignore
const MAIL_DOMAINS = ["post.example", "mailkasten.example", "briefbote.example", "inbox.example", "zuhause.example"];

const pick = <T>(random: Random, list: readonly T[]): T => list[random.integer(list.length)] as T;

/** Umlauts as programs without them write them. */
export const spelledOut = (text: string): string =>
  text
    .replace(/ä/g, "ae")
    .replace(/ö/g, "oe")
    .replace(/ü/g, "ue")
    .replace(/Ä/g, "Ae")
    .replace(/Ö/g, "Oe")
    .replace(/Ü/g, "Ue")
    .replace(/ß/g, "ss")
    .replace(/ı/g, "i"); // prettier-ignore

/** A to z, digits and dots, as mailboxes are named. */
const mailName = (text: string): string =>
  spelledOut(text.toLowerCase())
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, ""); // prettier-ignore

/** Check digits by ISO 7064 MOD 97-10 over a German bank code and account number. */
export function germanIban(bankCode: string, account: string): string {
  const bban = `${bankCode}${account.padStart(10, "0")}`;
  const check = 98n - (BigInt(`${bban}131400`) % 97n);
  return `DE${check.toString().padStart(2, "0")}${bban}`;
}

/**
 * Bank codes that bank documentation uses as examples and no bank has (12345678, 87654321), and the published run of
 * test accounts 05320130xx at 37040044.
 */
function ibanOf(index: number): string {
  if (index % 5 === 0) return germanIban("37040044", `05320131${String(index / 5).padStart(2, "0")}`);
  return germanIban(index % 2 === 0 ? "12345678" : "87654321", String(7_000_000 + index * 4_321));
}

function addressOf(random: Random, home: boolean): Pick<SampleCustomer, "street" | "postcode" | "city" | "state"> {
  const [postcode, city, state] = home ? (TOWNS[0] as (typeof TOWNS)[number]) : pick(random, TOWNS);
  const letter = random.next() < 0.12 ? pick(random, ["a", "b", "c"]) : "";
  return { street: `${pick(random, STREETS)} ${1 + random.integer(94)}${letter}`, postcode, city, state };
}

const phoneOf = (random: Random): string => {
  const [prefix, digits] = pick(random, FICTION_NUMBERS);
  return `${prefix}${String(random.integer(10 ** digits)).padStart(digits, "0")}`;
};

/** ISO 8859-1, as the utility's old program writes it. */
export const latin = (text: string): string =>
  [...text.replace(/ı/g, "i")]
    .map((character) => (character <= "\u00ff" ? character : character.normalize("NFD").charAt(0)))
    .join("");

/** How many of which kind; the sum is about two hundred. */
const GROUPS: readonly (readonly [count: number, kind: SampleCustomer["kind"], creditors: readonly CreditorKey[]])[] = [
  [118, "consumer", ["garden"]],
  [18, "business", ["garden"]],
  [8, "consumer", ["garden", "utility"]],
  [50, "consumer", ["utility"]],
  [12, "business", ["utility"]],
]; // prettier-ignore

export function makeCustomers(random: Random): SampleCustomer[] {
  const customers: SampleCustomer[] = [];
  const names = new Set<string>();
  let company = 0;
  for (const [count, kind, creditors] of GROUPS) {
    for (let made = 0; made < count; made += 1) {
      const index = customers.length;
      const garden = creditors[0] === "garden";
      const english = kind === "consumer" && random.next() < 0.12;
      let firstName = "";
      let name = "";
      do {
        firstName = pick(random, english ? ENGLISH_FIRST_NAMES : FIRST_NAMES);
        name = pick(random, english ? ENGLISH_LAST_NAMES : LAST_NAMES);
        if (creditors.includes("utility")) [firstName, name] = [latin(firstName), latin(name)];
      } while (names.has(`${firstName} ${name}`));
      const title = kind === "business" ? (COMPANIES[company++ % COMPANIES.length] as string) : undefined;
      if (!title) names.add(`${firstName} ${name}`);
      const withEmail = random.next() < (kind === "business" ? 0.95 : 0.78);
      const mailbox = title
        ? `buchhaltung@${mailName(title)}.example`
        : `${mailName(firstName)}.${mailName(name)}@${pick(random, MAIL_DOMAINS)}`;
      const phone = random.next() < 0.6 ? phoneOf(random) : undefined;
      const language = english || title?.includes("Ltd.") ? "en" : "de";
      customers.push({
        number: garden ? `K-${10_007 + index * 13}` : `SQ${500_101 + index * 17}`,
        kind,
        ...(title ? { company: title } : { firstName, name }),
        ...(title && random.next() < 0.3 ? { firstName, name } : {}),
        ...addressOf(random, creditors.includes("utility")),
        ...(withEmail && { email: mailbox }),
        ...(phone && { phone }),
        language,
        iban: ibanOf(index),
        ibanKnown: random.next() < 0.35,
        creditors,
      }); // prettier-ignore
    }
  }
  return customers;
}

export const displayed = (customer: SampleCustomer): string =>
  customer.company ?? `${customer.firstName ?? ""} ${customer.name ?? ""}`.trim();
