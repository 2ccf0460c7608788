/**
 * A second generator of payments with a known truth, of the same mix but built another way: other forms of numbers,
 * prefixes, separators, orders of names, umlaut spellings and slips of the pen. What was tuned on the first is checked on
 * this one. The world is in memory; `toFiles` writes it as an item list and a bank statement.
 */
import { type Answers, type Payment, questionsOf } from "../../src/books/matching/evidence.ts";
import type { OpenItem } from "../../src/books/matching/model.ts";
import { normaliseReference, type Shape, shapesOf } from "../../src/books/matching/references.ts";
import { makeCreditorReference } from "../../src/pure/formats/index.ts";
import {
  addDays,
  type CustomerId,
  expectOk,
  type PlainDate,
  type Random,
  type ReceivableId,
} from "../../src/pure/kernel/index.ts";
import type { Generated, Noise } from "./matching-generator.ts";

export const NUMBER_STYLES = ["2026-0012345", "RG1234567", "1234567", "R-26/0012345", "AB 1234567 X"] as const;
export type NumberStyle = (typeof NUMBER_STYLES)[number];

const numberIn = (style: NumberStyle, n: number): string => {
  const digits = String(n).padStart(7, "0");
  if (style === "2026-0012345") return `2026-${digits}`;
  if (style === "RG1234567") return `RG${1_000_000 + n}`;
  if (style === "1234567") return String(1_000_000 + n);
  return style === "R-26/0012345" ? `R-26/${digits}` : `AB ${1_000_000 + n} X`;
};

/** Frequencies in ten thousandths of the commonest names; most people have another one. */
const SURNAMES: readonly (readonly [string, number])[] = (
  "Müller 95 Schmidt 69 Schneider 40 Fischer 35 Meyer 33 Weber 30 Schulz 27 Wagner 27 Becker 26 Hoffmann 26 Bauer 17 Koch 16 " +
  "Richter 15 Klein 14 Wolf 14 Schröder 14 Neumann 13 Schwarz 12 Zimmermann 12 Braun 11 Krüger 11 Hartmann 10 Lange 10 " +
  "Werner 9 Krause 9 Lehmann 9 Köhler 8 Maier 8 König 8 Walter 8 Huber 8 Kaiser 7 Fuchs 7 Peters 7 Möller 7 Weiß 6 Jung 6"
)
  .split(" ")
  .reduce<[string, number][]>((list, word, index, all) => {
    if (index % 2 === 0) list.push([word, Number(all[index + 1])]);
    return list;
  }, []);
const FIRST_NAMES =
  "Jürgen Björn Käthe Lea Mia Leon Finn Marie Sophie Max Luise Karl Günther Rüdiger Ute Inge Ralf Dieter Nele Paula Emil Mats Jörg Sören Heike Silke Kurt Birgit".split(
    " ",
  );
const ONSETS = "B Br D F Fl G Gr H J K Kl Kr L M N P Pf R S Sch St T Tr V W Z".split(" ");
const NUCLEI = "a e i o u au ei ie ö ü".split(" ");
const ENDS = "ber cker ding feld gart hoff king ler mann nert pel rich ser tke vers wig zner".split(" ");

const pick = <T>(random: Random, list: readonly T[]): T => list[random.integer(list.length)] as T;

function surname(random: Random): string {
  let draw = random.integer(10_000);
  for (const [name, share] of SURNAMES) {
    if (draw < share * 3) return name;
    draw -= share * 3;
  }
  return `${pick(random, ONSETS)}${pick(random, NUCLEI)}${pick(random, ENDS)}${random.next() < 0.3 ? pick(random, ENDS) : ""}`;
}

export interface Person {
  readonly id: CustomerId;
  readonly first: string;
  readonly family: string;
  readonly iban: string;
  readonly known: boolean;
  readonly items: OpenItem[];
}

const written = (random: Random, first: string, family: string): string => {
  const spelled = (text: string): string =>
    random.next() < 0.5
      ? text
      : text.replace(/ä/g, "ae").replace(/ö/g, "oe").replace(/ü/g, "ue").replace(/ß/g, "ss").replace(/Ö/g, "Oe");
  return pick(random, [
    `${first} ${spelled(family)}`,
    `${spelled(family)}, ${spelled(first)}`,
    `${spelled(family)} ${first}`,
    `Herr ${first} ${family}`,
    `${first} u. ${pick(random, FIRST_NAMES)} ${spelled(family)}`,
    `${spelled(first)} ${spelled(family)}`.toUpperCase(),
  ]);
};

/** The number written otherwise: separators moved, prefix changed or left out, glued to words. */
function otherwise(random: Random, number: string): string {
  const token = normaliseReference(number);
  const digits = (number.match(/\d{7}/) ?? [""])[0];
  const bare = digits.replace(/^0+/, "");
  const cut = 1 + random.integer(digits.length - 1);
  return pick(random, [
    token,
    token.toLowerCase(),
    `${number.replace(/[-/ ]/g, " ")}`,
    `${number.replace(/(\d)(?=\d{3}$)/, "$1 ")}`,
    `RECHNUNG${token}DANKE`,
    `Rechnungsnr.:${digits}`,
    `Beleg ${digits.slice(0, cut)} ${digits.slice(cut)}`,
    `INV/${digits}`,
    `Re.-Nr. ${bare.length >= 5 ? bare : digits}`,
    `${digits.slice(0, 3)}.${digits.slice(3)}`,
    `RNR${digits}/Kd`,
  ]);
}

function slipped(random: Random, number: string): string {
  let text = number;
  for (let times = 1 + random.integer(2); times > 0; times -= 1) {
    const places = [...text].flatMap((character, at) => (/\d/.test(character) && at >= text.length - 6 ? [at] : []));
    const at = pick(random, places);
    const [before, here, after] = [text.slice(0, at), text[at] ?? "", text.slice(at + 1)];
    const kind = random.integer(5);
    if (kind === 0 && after) text = `${before}${after[0]}${here}${after.slice(1)}`;
    else if (kind === 1) text = `${before}${after}`;
    else if (kind === 2) text = `${before}${here}${here}${after}`;
    else if (kind === 3 && (here === "0" || here === "1")) text = `${before}${here === "0" ? "O" : "I"}${after}`;
    else text = `${before}${random.integer(10)}${after}`;
  }
  return text;
}

const SHARES: readonly (readonly [Noise, number])[] = [
  ["exact", 50],
  ["separators", 14],
  ["slip", 5],
  ["account", 9],
  ["several", 6],
  ["part", 5],
  ["skonto", 3],
  ["other_account", 3],
  ["over", 2],
  ["twice", 1],
  ["unrelated", 2],
];

export interface World {
  readonly people: readonly Person[];
  readonly shapes: readonly Shape[];
  /** With `byName` everybody of the payer's name is found besides, as the store does when a judgement asks. */
  answers(payment: Payment, settled?: OpenItem, byName?: boolean): Answers;
  /** Customers with all words of a name. */
  namesakes(name: string): readonly CustomerId[];
}

const folded = (name: string): string =>
  name
    .toLowerCase()
    .replace(/ä/g, "ae")
    .replace(/ö/g, "oe")
    .replace(/ü/g, "ue")
    .replace(/ß/g, "ss")
    .split(/[^a-z]+/)
    .filter((word) => word.length > 1 && word !== "herr" && word !== "u")
    .sort()
    .join(" ");

/** The RF reference printed on an invoice. */
const rfOf = (n: number): string => expectOk(makeCreditorReference(String(n).padStart(9, "0")));

export function makeWorld(random: Random, itemCount: number, style: NumberStyle): World {
  const prices = Array.from({ length: 40 }, () => BigInt(490 + random.integer(400) * 50 - (random.integer(2) + 1)));
  const people = Array.from({ length: Math.ceil(itemCount / 2) }, (_, index): Person => {
    const account = `12030000${String(5_000_000 + index * 3).padStart(10, "0")}`;
    const check = 98n - (BigInt(`${account}131400`) % 97n);
    return {
      id: `c${index}` as CustomerId,
      first: pick(random, FIRST_NAMES),
      family: surname(random),
      iban: `DE${String(check).padStart(2, "0")}${account}`,
      known: random.next() < 0.7,
      items: [],
    };
  });
  const owners = new Map<string, { customerId: CustomerId; receivableId: ReceivableId }[]>();
  const numbers: string[] = [];
  for (let n = 1; n <= itemCount; n += 1) {
    const person = pick(random, people);
    const number = numberIn(style, n);
    const receivableId = `r${n}` as ReceivableId;
    const dueOn = addDays("2026-01-10" as PlainDate, random.integer(75));
    person.items.push({ receivableId, number, openMinor: pick(random, prices), payable: true, dueOn });
    owners.set(normaliseReference(number), [{ customerId: person.id, receivableId }]);
    owners.set(rfOf(n), [{ customerId: person.id, receivableId }]);
    if (n % 997 === 0 || n < 3 || n > itemCount - 3) numbers.push(number);
  }
  const accounts = new Map(people.filter(({ known }) => known).map(({ iban, id }) => [iban, id]));
  const names = new Map<string, CustomerId[]>();
  for (const { first, family, id } of people) {
    const key = folded(`${first} ${family}`);
    const list = names.get(key);
    if (list) list.push(id);
    else names.set(key, [id]);
  }
  const shapes = shapesOf(numbers);
  const namesakes = (name: string): readonly CustomerId[] => names.get(folded(name)) ?? [];
  return {
    people,
    shapes,
    namesakes,
    answers: (payment, settled, byName = false) => {
      const questions = questionsOf(payment, shapes);
      const receivables = new Map(
        questions.references.flatMap(({ token }) => {
          const found = owners.get(token);
          return found ? [[token, found] as const] : [];
        }),
      );
      const holder = accounts.get(payment.payerIban ?? "");
      const accountHolders = holder ? [holder] : [];
      const nameHits =
        (receivables.size > 0 || holder) && !byName
          ? []
          : payment.payerNames.flatMap((name) => namesakes(name).slice(0, 8));
      const involved = new Set([
        ...[...receivables.values()].flat().map(({ customerId }) => customerId),
        ...accountHolders,
        ...nameHits,
      ]);
      const persons = [...involved].map((id) => people[Number(id.slice(1))] as Person);
      return {
        receivables,
        byCustomerNumber: new Map(),
        accountHolders,
        nameHits,
        items: new Map(persons.map(({ id, items }) => [id, items.filter((item) => item !== settled)])),
        names: new Map(persons.map(({ id, first, family }) => [id, [{ firstName: first, name: family }]])),
      };
    },
  };
}

export interface Drawn extends Omit<Generated, "answers"> {
  readonly settled: OpenItem | undefined;
}

/** Payments of a world; each item is paid at most once but for those paid twice. */
export function* drawPayments(random: Random, world: World, payments: number): Generator<Drawn> {
  const withItems = world.people.filter(({ items }) => items.length > 0);
  const several = withItems.filter(({ items }) => items.length > 1);
  const known = withItems.filter((person) => person.known);
  const paid = new Set<OpenItem>();
  const free = (list: readonly Person[], count = 1): Person => {
    for (;;) {
      const person = pick(random, list);
      if (person.items.filter((item) => !paid.has(item)).length >= count) return person;
    }
  };
  for (let count = 0; count < payments; count += 1) {
    let draw = random.integer(100);
    let noise: Noise = "exact";
    for (const [name, share] of SHARES) {
      noise = name;
      if (draw < share) break;
      draw -= share;
    }
    const payer = noise === "several" ? free(several, 2) : noise === "account" ? free(known) : free(withItems);
    const open = payer.items.filter((item) => !paid.has(item));
    const item = pick(random, open);
    let items: readonly OpenItem[] = [item];
    let amount = item.openMinor;
    let text = pick(random, [
      `Rechnung ${item.number}`,
      item.number,
      `Re.Nr. ${item.number} vom ${1 + random.integer(28)}.03.26`,
      `${item.number} ${payer.first} ${payer.family}`,
      `Vielen Dank! ${item.number}`,
    ]);
    let name = written(random, payer.first, payer.family);
    let iban = payer.known ? payer.iban : `DE89370400440532${String(count).padStart(6, "0")}`;
    // One in eight scans the code on the invoice: then its reference comes instead of a text, whatever the amount.
    const scanned = /^(exact|part|over|twice|other_account)$/.test(noise) && random.next() < 0.125;
    // Instant payments of some banks come with neither name nor account.
    const nameless = scanned && random.next() < 0.3;
    if (noise === "separators") text = otherwise(random, item.number);
    if (noise === "slip") text = `Rechnung ${slipped(random, item.number)}`;
    if (noise === "account")
      text = pick(random, ["Danke", "Rechnung", "Ware", "siehe Schreiben vom 03.02.2026", "wie besprochen"]);
    if (noise === "several") {
      items = open.slice(0, Math.min(open.length, 2 + random.integer(2)));
      amount = items.reduce((sum, one) => sum + one.openMinor, 0n);
      text =
        random.next() < 0.5
          ? items.map((one) => one.number).join(pick(random, [", ", " + ", " und "]))
          : "Sammelzahlung";
    }
    if (noise === "part") amount = (amount * BigInt(15 + random.integer(75))) / 100n;
    if (noise === "skonto") amount = (amount * pick(random, [97n, 98n])) / 100n;
    if (noise === "over") amount += BigInt(1 + random.integer(2000));
    if (noise === "other_account") {
      const other = pick(random, withItems);
      const relative = random.next() < 0.5;
      name = written(
        random,
        relative ? pick(random, FIRST_NAMES) : other.first,
        relative ? payer.family : other.family,
      );
      iban = !relative && other.known ? other.iban : `DE44500105175407${String(count).padStart(6, "0")}`;
    }
    if (noise === "unrelated") {
      amount = random.next() < 0.5 ? pick(random, payer.items).openMinor : BigInt(100 + random.integer(90_000));
      text = pick(random, [
        "Miete",
        "Spende",
        `Auftrag ${1_000_000 + random.integer(9_000_000)}`,
        "Gehalt 03/2026",
        `Vertrag ${random.integer(999_999)}`,
      ]);
      name = written(random, pick(random, FIRST_NAMES), surname(random));
      iban = `DE12500105170648${String(count).padStart(6, "0")}`;
    } else if (noise !== "twice" && noise !== "part") for (const one of items) paid.add(one);
    const payment: Payment = {
      amountMinor: amount,
      currency: "EUR",
      valueOn: "2026-04-01" as PlainDate,
      text: scanned
        ? { lines: [], structured: [rfOf(Number(item.receivableId.slice(1)))], numbers: [] }
        : { lines: [text], structured: [], numbers: [] },
      payerNames: nameless ? [] : [name],
      payerIban: nameless ? null : iban,
    };
    yield {
      noise,
      payment,
      settled: noise === "twice" ? item : undefined,
      customerId: noise === "unrelated" ? null : payer.id,
      items: items.map(({ receivableId }) => receivableId),
    };
    if (noise === "part") paid.add(item);
  }
}
