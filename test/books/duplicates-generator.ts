/**
 * Customers with a known truth: who is one person, who only shares a name, a house, a mailbox or an account. Two biases:
 * `shop` (many guest orders, wide addresses, most contacts stated) and `town` (few towns and big houses, large families
 * that share everything, more slips, few contacts, names from many countries).
 */
import type { Random } from "../../src/pure/kernel/index.ts";

export interface Generated {
  readonly number: string;
  /** Equal for files of one person (or one company). */
  readonly person: number;
  readonly kind: "consumer" | "business";
  readonly firstName?: string;
  readonly name?: string;
  readonly company?: string;
  readonly street: string;
  readonly postcode: string;
  readonly city: string;
  readonly email?: string;
  readonly phone?: string;
  readonly iban?: string;
}

export interface Bias {
  readonly towns: number;
  readonly streetsATown: number;
  readonly houses: number;
  /** Shares of 1. */
  readonly rareSurnames: number;
  readonly single: number;
  readonly sharedEmail: number;
  readonly sharedPhone: number;
  readonly sharedAccount: number;
  readonly statesEmail: number;
  readonly statesPhone: number;
  readonly statesIban: number;
  readonly slips: number;
  readonly moved: number;
  readonly secondEmail: number;
  readonly namedAfterFather: number;
  readonly similarSiblings: number;
  readonly companies: number;
  /** Files a person has: weight of 1, 2, … */
  readonly files: readonly number[];
  readonly foreign: number;
}

export const SHOP: Bias = {
  towns: 900, streetsATown: 60, houses: 90, rareSurnames: 0.6, single: 0.45, sharedEmail: 0.08, sharedPhone: 0.3,
  sharedAccount: 0.25, statesEmail: 0.9, statesPhone: 0.6, statesIban: 0.35, slips: 0.06, moved: 0.07, secondEmail: 0.12,
  namedAfterFather: 0.004, similarSiblings: 0.02, companies: 0.05, files: [70, 15, 8, 4, 3], foreign: 0.12,
}; // biome-ignore format: a table
export const TOWN: Bias = {
  towns: 25, streetsATown: 120, houses: 40, rareSurnames: 0.4, single: 0.2, sharedEmail: 0.25, sharedPhone: 0.6,
  sharedAccount: 0.5, statesEmail: 0.6, statesPhone: 0.5, statesIban: 0.25, slips: 0.12, moved: 0.12, secondEmail: 0.1,
  namedAfterFather: 0.004, similarSiblings: 0.08, companies: 0.08, files: [60, 25, 10, 5], foreign: 0.35,
}; // biome-ignore format: a table

const split = (text: string): string[] => text.trim().split(/\s+/);
const SURNAMES =
  split(`Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein
  Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Schmitz Krause Meier Lehmann Schmid
  Schulze Maier Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn Schubert Vogel
  Friedrich Keller Günther Frank Berger Winkler Roth Beck Lorenz Baumann Franke Albrecht Schuster Simon Ludwig Böhm Winter Kraus
  Martin Schumacher Krämer Vogt Stein Jäger Otto Sommer Groß Seidel Heinrich Brandt Haas Schreiber Graf Schulte Dietrich Ziegler
  Kuhn Kühn Pohl Engel Horn Busch Bergmann Thomas Voigt Sauer Arnold Wolff Pfeiffer`);
const FOREIGN_SURNAMES =
  split(`Yılmaz Kaya Demir Çelik Şahin Öztürk Kowalski Nowak Wiśniewski Nguyen Tran Ivanova Petrov Rossi
  Russo García Silva Santos Hussein Ali Haddad Popescu Ionescu Horvat Kovačević Jovanović`);
const MEN =
  split(`Thomas Michael Andreas Stefan Peter Wolfgang Klaus Jürgen Christian Daniel Martin Frank Markus Alexander Uwe Bernd
  Jan Tobias Sebastian Florian Lukas Leon Finn Paul Jonas Felix Max Maximilian Tim Tom Philipp Niklas Simon Fabian David Julian
  Matthias Jörg Sven Ralf Dirk Oliver Jens Karl Hans Günter Heinz Werner Helmut Dieter Manfred Rainer Holger Marco Patrick Dennis
  Kevin Marcel Erik Moritz Ben Luca Emil Anton Theo Jakob Johannes Georg Rolf Volker Christoph Robert Kai Lars Björn`);
const WOMEN =
  split(`Maria Ursula Monika Petra Elisabeth Sabine Renate Karin Brigitte Andrea Claudia Susanne Birgit Gabriele Angelika
  Heike Stefanie Nicole Christina Julia Anna Lena Laura Sarah Lisa Katharina Melanie Sandra Nadine Tanja Anja Martina Silke Ute
  Barbara Marion Kerstin Daniela Michaela Katrin Eva Hanna Mia Emma Sophie Marie Lea Leonie Johanna Jana Vanessa Jessica Jennifer
  Sina Nina Tina Clara Luisa Paula Emilia Ida Greta Franziska Carolin Simone Bettina Cornelia Christine Doris Helga Ingrid Gisela`);
const FOREIGN_MEN = split(
  "Mehmet Mustafa Ahmet Emre Kerem Piotr Paweł Krzysztof Minh Duc Dmitri Sergej Giuseppe Matteo Omar Yusuf Tariq Bogdan Marko Luka Goran Arjun",
);
const FOREIGN_WOMEN = split(
  "Ayşe Fatma Emine Zeynep Elif Agnieszka Małgorzata Katarzyna Linh Thuy Olga Svetlana Giulia Chiara Amina Leyla Mariam Ioana Ivana Jelena Priya Dilara",
);
const SIMILAR: readonly (readonly [string, string])[] = [
  ["Jan", "Jana"], ["Lena", "Lea"], ["Paul", "Paula"], ["Martin", "Martina"], ["Christian", "Christina"], ["Anna", "Anne"],
  ["Julia", "Julian"], ["Tim", "Tom"], ["Lina", "Mina"], ["Daniel", "Daniela"], ["Marie", "Maria"], ["Hanna", "Anna"],
  ["Sina", "Nina"], ["Finn", "Fynn"], ["Lara", "Lora"], ["Mika", "Mike"], ["Emil", "Emilia"], ["Nico", "Nicole"],
]; // biome-ignore format: a table
const ROADS = split(
  "Haupt Bahnhof Garten Schul Dorf Berg Kirch Wald Ring Linden Birken Wiesen Rosen Mühlen Feld Post Brunnen Burg Eichen Ahorn Goethe Schiller Mozart Beethoven Kant Lessing Friedrich Wilhelm Sonnen Tal Bach Ufer Markt Schloss Park Hof Kapellen Jahn Heide Industrie",
);
const WAYS = ["straße", "weg", "allee", "platz", "gasse", "ring"];
const SYLLABLES = split(
  "ba bel ber bren dal der don eck el fel gar gel ger hal hem hol ker kin kle kort lan lem ler mal men mol nau ner nik ost pel pon ren rick rod sal schel sen stra tel ten tor uhl vel vor wan wel zel zin",
);
const PLACE_ENDS = ["stadt", "dorf", "heim", "hausen", "berg", "burg", "au", "ingen", "kirchen", "bach"];
const TRADES = split(
  "Bau Elektro Gartenbau Druck Transport Metall Holz Software Reinigung Handel Immobilien Catering Zahntechnik Werbung",
);
const FORMS = ["GmbH", "GmbH & Co. KG", "e.K.", "AG", "UG (haftungsbeschränkt)", "OHG", "GbR"];
const PROVIDERS = ["post", "mail", "web", "brief", "funk", "netz"].map((name) => `${name}.example`);

const FOLD: Readonly<Record<string, string>> = { ä: "ae", ö: "oe", ü: "ue", ß: "ss", Ä: "Ae", Ö: "Oe", Ü: "Ue" };
const twoLetters = (text: string): string => text.replace(/[äöüßÄÖÜ]/g, (letter) => FOLD[letter] ?? letter);
const bare = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/ß/g, "ss");
const plain = (text: string): string =>
  bare(twoLetters(text))
    .toLowerCase()
    .replace(/[^a-z]/g, "");

interface Place {
  readonly street: string;
  readonly house: string;
  readonly postcode: string;
  readonly city: string;
}
interface Person {
  readonly id: number;
  readonly first: string;
  readonly last: string;
  readonly suffix: string;
  readonly email: string;
  readonly phone: string;
  readonly iban: string;
  readonly place: Place;
}

/** Some `count` customers in random order; whole people, so a few more or less. */
export function generateCustomers(random: Random, count: number, bias: Bias = SHOP): Generated[] {
  const chance = (share: number): boolean => random.next() < share;
  const pick = <T>(list: readonly T[]): T => list[random.integer(list.length)] as T;
  /** Early ones of a list are frequent. */
  const frequent = <T>(list: readonly T[]): T => list[Math.floor(list.length * random.next() ** 2.2)] as T;
  const word = (parts: number): string => {
    const text = Array.from({ length: parts }, () => pick(SYLLABLES)).join("");
    return text.charAt(0).toUpperCase() + text.slice(1);
  };
  const towns = Array.from({ length: bias.towns }, (_, index) => ({
    city: word(2) + pick(PLACE_ENDS),
    postcode: String((10_000 + ((index * 89_000) / bias.towns + random.integer(40))) | 0).padStart(5, "0"),
    streets: Array.from({ length: bias.streetsATown }, () => pick(ROADS) + (chance(0.7) ? "straße" : pick(WAYS))),
  }));
  const place = (): Place => {
    const town = frequent(towns);
    return {
      street: pick(town.streets),
      house: `${1 + random.integer(bias.houses)}${chance(0.06) ? pick(["a", "b"]) : ""}`,
      postcode: town.postcode,
      city: town.city,
    };
  };
  let people = 0;
  let serial = 0;
  const newEmail = (first: string, last: string): string => {
    const local = pick([
      () => `${plain(first)}.${plain(last)}`, () => `${plain(first)[0]}.${plain(last)}`, () => `${plain(last)}${random.integer(99)}`,
      () => `${plain(first)}${1950 + random.integer(60)}`, () => `${word(2).toLowerCase()}${random.integer(999)}`,
    ])(); // biome-ignore format: a list
    serial += 1;
    // Mailboxes are unique in the world; a namesake has another one.
    return `${local}${chance(0.5) ? "" : random.integer(10_000)}@${pick(PROVIDERS)}`.replace(
      "@",
      chance(0.9) ? `_${serial.toString(36)}@` : `${serial}@`,
    );
  };
  const newPhone = (): string =>
    `0${pick(["151", "160", "171", "176", "30", "40", "89", "221", "711"])}${10_000_000 + random.integer(89_000_000)}`;
  const newIban = (): string =>
    `DE${10 + random.integer(89)}${String(random.integer(1e9)).padStart(9, "0")}${String(random.integer(1e9)).padStart(9, "0")}`;
  const surname = (foreign: boolean): string =>
    foreign ? pick(FOREIGN_SURNAMES) : chance(bias.rareSurnames) ? word(2 + random.integer(2)) : frequent(SURNAMES);
  const firstName = (foreign: boolean, man: boolean): string =>
    foreign ? pick(man ? FOREIGN_MEN : FOREIGN_WOMEN) : frequent(man ? MEN : WOMEN);

  const slip = (text: string): string => {
    if (text.length < 3) return text;
    const at = 1 + random.integer(text.length - 2);
    const letter = pick([..."abcdefghiklmnoprstuvwz"]);
    return pick([
      () => text.slice(0, at) + text.slice(at + 1),
      () => text.slice(0, at) + letter + text.slice(at + 1),
      () => text.slice(0, at) + letter + text.slice(at),
      () => text.slice(0, at) + (text[at + 1] ?? "") + (text[at] ?? "") + text.slice(at + 2),
    ])();
  };
  const written = (text: string): string =>
    chance(0.7)
      ? text
      : chance(0.5)
        ? twoLetters(text)
        : chance(0.4)
          ? bare(text)
          : chance(0.5)
            ? text.toUpperCase()
            : text.toLowerCase();
  const streetOf = ({ street, house }: Place): string => {
    const name = chance(0.35) ? street.replace(/straße$/, pick(["str.", "str", "strasse", "Straße"])) : street;
    return `${chance(bias.slips / 2) ? slip(name) : name} ${chance(0.1) ? house.replace(/([ab])$/, " $1") : house}`;
  };
  const phoneOf = (phone: string): string =>
    chance(0.4)
      ? phone
      : chance(0.5)
        ? `+49 ${phone.slice(1, 4)} ${phone.slice(4)}`
        : `${phone.slice(0, 4)}/${phone.slice(4)}`;

  const out: Generated[] = [];
  const add = (row: Omit<Generated, "number">): void => void out.push({ number: "", ...row });
  const files = (): number => {
    let left = random.next() * bias.files.reduce((sum, weight) => sum + weight, 0);
    return bias.files.findIndex((weight) => (left -= weight) < 0) + 1 || 1;
  };

  const orders = (person: Person): void => {
    let { place: home, last, email } = person;
    const number = files();
    for (let file = 0; file < number; file += 1) {
      if (file > 0 && chance(bias.moved)) home = place();
      if (file > 0 && chance(0.01)) last = chance(0.5) ? `${last}-${surname(false)}` : surname(false);
      if (file > 0 && chance(bias.secondEmail)) email = newEmail(person.first, last);
      let first = person.first;
      let family = last + (person.suffix && chance(0.8) ? person.suffix : "");
      if (chance(0.02)) first = `${first[0]}.`;
      else if (chance(0.015)) first = `${first} ${pick(MEN)}`;
      if (chance(bias.slips)) first = slip(first);
      if (chance(bias.slips)) family = slip(family);
      if (chance(0.01)) [first, family] = [family, first];
      const whole = chance(0.02);
      add({
        person: person.id,
        kind: "consumer",
        ...(whole
          ? { name: `${written(first)} ${written(family)}` }
          : { firstName: written(first), name: written(family) }),
        street: streetOf(home),
        postcode: chance(bias.slips / 4)
          ? slip(home.postcode).replace(/\D/g, "1").padEnd(5, "1").slice(0, 5)
          : home.postcode,
        city: written(home.city),
        ...(chance(bias.statesEmail) && {
          email: chance(0.02) ? "bestellung@marktplatz.example" : chance(bias.slips / 4) ? slip(email) : email,
        }),
        ...(chance(bias.statesPhone) && { phone: phoneOf(person.phone) }),
        ...(chance(bias.statesIban) && { iban: chance(0.02) ? "DE02500105170137075030" : person.iban }),
      });
    }
  };
  const household = (): void => {
    const foreign = chance(bias.foreign);
    const family = surname(foreign);
    const home = place();
    const [email, phone, iban] = [newEmail("familie", family), newPhone(), newIban()];
    const shares = {
      email: chance(bias.sharedEmail),
      phone: chance(bias.sharedPhone),
      account: chance(bias.sharedAccount),
    };
    const size = chance(bias.single) ? 1 : 2 + random.integer(4);
    const taken = new Set<string>();
    const names: { first: string; last: string; suffix: string }[] = [];
    for (let index = 0; index < size; index += 1) {
      let first = firstName(foreign, chance(0.5));
      let suffix = "";
      if (index === 1 && size > 1 && chance(bias.similarSiblings)) {
        const [one, other] = pick(SIMILAR);
        const before = names[0];
        if (before) names[0] = { ...before, first: one };
        first = other;
      } else if (index === 2 && chance(bias.namedAfterFather)) {
        first = names[0]?.first ?? first;
        suffix = chance(0.5) ? " jun." : "";
      } else if (taken.has(first)) continue;
      taken.add(first);
      names.push({ first, last: index === 1 && chance(0.2) ? surname(foreign) : family, suffix });
    }
    for (const { first, last, suffix } of names) {
      people += 1;
      const own = newEmail(first, last);
      orders({
        id: people, first, last, suffix, place: home,
        email: shares.email && chance(0.7) ? email : own, phone: shares.phone && chance(0.8) ? phone : newPhone(),
        iban: shares.account && chance(0.8) ? iban : newIban(),
      }); // biome-ignore format: one person
    }
  };
  const company = (): void => {
    const [owner, trade, form, home] = [surname(false), pick(TRADES), pick(FORMS), place()];
    const [phone, iban] = [newPhone(), newIban()];
    serial += 1;
    const domain = `${plain(owner)}-${plain(trade)}-${serial}.example`;
    const firm = (name: string, id: number, at: Place): void => {
      for (let file = files(); file > 0; file -= 1) {
        const person = chance(0.4);
        add({
          person: id, kind: "business", company: written(chance(bias.slips) ? slip(name) : name),
          ...(person && { firstName: pick(MEN), name: surname(false) }), street: streetOf(at), postcode: at.postcode, city: at.city,
          ...(chance(0.8) && { email: `${pick(["info", "einkauf", "rechnung"])}@${domain}` }), ...(chance(0.6) && { phone: phoneOf(phone) }),
          ...(chance(bias.statesIban) && { iban }),
        }); // biome-ignore format: one firm
      }
    };
    people += 1;
    firm(`${owner} ${trade} ${form}`, people, home);
    // A sister company in the same house, a branch elsewhere: not the same customer.
    if (chance(0.1))
      firm(`${owner} ${pick(TRADES.filter((one) => one !== trade))} ${pick(FORMS)}`, (people += 1), home);
    if (chance(0.1)) firm(`${owner} ${trade} ${form}`, (people += 1), place());
  };
  while (out.length < count)
    if (chance(bias.companies)) company();
    else household();
  for (let index = out.length - 1; index > 0; index -= 1) {
    const other = random.integer(index + 1);
    [out[index], out[other]] = [out[other] as Generated, out[index] as Generated];
  }
  return out.map((row, index) => ({ ...row, number: `K-${String(index + 1).padStart(6, "0")}` }));
}
