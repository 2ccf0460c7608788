/**
 * Makes payments with a known truth, with the mix of noise that real statements have. Seeded: equal seed, equal data.
 * The world is in memory, so that what is measured is the weighing alone.
 */
import { type Answers, type Payment, questionsOf } from "../../src/books/matching/evidence.ts";
import type { OpenItem } from "../../src/books/matching/model.ts";
import type { KnownName } from "../../src/books/matching/names.ts";
import { normaliseReference, shapesOf } from "../../src/books/matching/references.ts";
import {
  addDays,
  type CustomerId,
  type PlainDate,
  type Random,
  type ReceivableId,
} from "../../src/pure/kernel/index.ts";

/** Thousandths; together 1,000. */
const MIX = [
  ["exact", 500],
  ["separators", 140],
  ["slip", 50],
  ["account", 90],
  ["several", 60],
  ["part", 50],
  ["skonto", 30],
  ["other_account", 30],
  ["over", 20],
  ["twice", 10],
  ["unrelated", 20],
] as const; // prettier-ignore
export type Noise = (typeof MIX)[number][0];

/** Frequencies fall as in Germany: a few names are very common (Zipf-like). */
const FAMILY = (
  "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf " +
  "Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Krause Meier Lehmann Schmid Schulze " +
  "Maier Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn Schubert Vogel"
).split(" ");
const FIRST = (
  "Anna Ben Clara David Emma Felix Greta Hans Ida Jonas Karin Lukas Maria Noah Olga Paul Rosa Simon Tina Uwe Vera " +
  "Wolfgang Yusuf Zoe Peter Sabine Thomas Ursula Michael Andrea Stefan Monika"
).split(" ");

const SYLLABLES = "ba be bi bo du el fa ger hol in ka ker lin mar nau os pen rich sta tor ul wer zin".split(" ");

function familyName(random: Random, rareShare: number): string {
  if (random.next() < rareShare) {
    const made = Array.from({ length: 3 }, () => SYLLABLES[random.integer(SYLLABLES.length)]).join("");
    return made[0]?.toUpperCase() + made.slice(1);
  }
  return FAMILY[Math.floor(FAMILY.length * random.next() ** 2)] ?? "Müller";
}

interface Person {
  readonly id: CustomerId;
  readonly first: string;
  readonly family: string;
  readonly iban: string;
  readonly items: OpenItem[];
}

export interface Generated {
  readonly noise: Noise;
  readonly payment: Payment;
  readonly answers: Answers;
  /** Whose items it pays; null: nobody's. */
  readonly customerId: CustomerId | null;
  readonly items: readonly ReceivableId[];
}

const pick = <T>(random: Random, list: readonly T[]): T => list[random.integer(list.length)] as T;

function noisyNumber(random: Random, number: string): string {
  const digits = number.slice(3);
  return pick(random, [
    `RE ${digits}`,
    `RE${digits}`,
    `RE.${digits.slice(0, 3)}.${digits.slice(3)}`,
    `RE-${digits.slice(0, 4)} ${digits.slice(4)}`,
    `Rechnung ${digits}`,
    `RGNR.${digits}`,
    `INVRE${digits}`,
    `re/${digits}`,
    `RE-${digits.replace(/^0+/, "")}`,
    `Rechnungsnummer ${digits.replace(/^0+/, "")}`,
  ]);
}

function slipped(random: Random, number: string): string {
  const characters = [...number];
  for (let times = 1 + random.integer(2); times > 0; times -= 1) {
    const at = 3 + random.integer(characters.length - 3);
    const kind = random.integer(3);
    if (kind === 0) characters[at] = String(random.integer(10));
    else if (kind === 1) characters.splice(at, 1);
    else
      [characters[at], characters[at - 1 < 3 ? at : at - 1]] = [
        characters[at - 1 < 3 ? at : at - 1] ?? "0",
        characters[at] ?? "0",
      ];
  }
  return characters.join("");
}

/** Two thirds of a population carry names that are rare each. */
export const RARE_NAMES = 0.67;

export function* generate(
  random: Random,
  payments: number,
  itemCount: number,
  rareShare = RARE_NAMES,
): Generator<Generated> {
  const prices = Array.from({ length: 40 }, (_, index) => BigInt(999 + index * 731 + (index % 3) * 50));
  const people: Person[] = Array.from({ length: Math.ceil(itemCount / 2) }, (_, index) => ({
    id: `c${index}` as CustomerId,
    first: pick(random, FIRST),
    family: familyName(random, rareShare),
    iban: `DE${String(10000000000 + index * 7)}`,
    items: [],
  }));
  const owners = new Map<string, { customerId: CustomerId; receivableId: ReceivableId }[]>();
  const accounts = new Map<string, CustomerId[]>();
  const byName = new Map<string, CustomerId[]>();
  const seen = new Set<Person>();
  for (const person of people) {
    if (random.next() < 0.7) {
      seen.add(person);
      accounts.set(person.iban, [person.id]);
    }
    const key = `${person.first} ${person.family}`;
    byName.set(key, [...(byName.get(key) ?? []), person.id]);
  }
  const numbers: string[] = [];
  for (let index = 1; index <= itemCount; index += 1) {
    const person = pick(random, people);
    const number = `RE-${String(index).padStart(7, "0")}`;
    const receivableId = `r${index}` as ReceivableId;
    numbers.push(number);
    person.items.push({
      receivableId,
      number,
      openMinor: pick(random, prices),
      payable: true,
      dueOn: addDays("2026-01-01" as PlainDate, random.integer(90)),
    }); // prettier-ignore
    owners.set(normaliseReference(number), [{ customerId: person.id, receivableId }]);
  }
  const shapes = shapesOf(numbers);
  const withItems = people.filter((person) => person.items.length > 0);
  const withSeveral = people.filter((person) => person.items.length > 1);

  for (let count = 0; count < payments; count += 1) {
    let draw = random.integer(1000);
    let noise: Noise = "exact";
    for (const [name, share] of MIX) {
      noise = name;
      if (draw < share) break;
      draw -= share;
    }
    const person = noise === "several" ? pick(random, withSeveral) : pick(random, withItems);
    const known =
      noise === "account"
        ? pick(
            random,
            withItems.filter((_, index) => index % 50 === count % 50 && seen.has(_)),
          )
        : person;
    const payer = noise === "account" ? known : person;
    const item = pick(random, payer.items);
    let items: readonly OpenItem[] = [item];
    let settled: OpenItem | undefined;
    let amount = item.openMinor;
    let text = `Zahlung ${item.number} Danke`;
    let name = pick(random, [
      `${payer.first} ${payer.family}`,
      `${payer.family}, ${payer.first}`,
      `${payer.family} ${payer.first}`.toUpperCase(),
    ]);
    let iban = seen.has(payer) ? payer.iban : `DE99${count}`;
    if (noise === "separators") text = `${noisyNumber(random, item.number)} vom ${1 + random.integer(28)}.03.2026`;
    if (noise === "slip") text = `Rechnung ${slipped(random, item.number)}`;
    if (noise === "account") text = pick(random, ["Danke", "Rechnung", "Ihre Lieferung vom Maerz", "Zahlung 2026"]);
    if (noise === "several") {
      items = payer.items.slice(0, 2 + random.integer(2));
      amount = items.reduce((sum, one) => sum + one.openMinor, 0n);
      text = random.next() < 0.5 ? `Rechnungen ${items.map((one) => one.number).join(", ")}` : "Alle Rechnungen Danke";
    }
    if (noise === "part") amount = (amount * BigInt(20 + random.integer(60))) / 100n;
    if (noise === "skonto") amount = (amount * pick(random, [97n, 98n])) / 100n;
    if (noise === "over") amount += pick(random, [1n, 100n, 500n, 1000n]);
    if (noise === "twice") settled = item;
    if (noise === "other_account") {
      const other = pick(random, withItems);
      name = `${random.next() < 0.4 ? pick(random, FIRST) : other.first} ${random.next() < 0.5 ? payer.family : other.family}`;
      iban = seen.has(other) ? other.iban : `DE98${count}`;
    }
    if (noise === "unrelated") {
      amount = pick(random, [...prices, 12345n]);
      text = pick(random, [
        "Miete April",
        "Spende",
        `Bestellung ${1000000 + random.integer(8999999)}`,
        `Vertrag ${random.integer(itemCount)}`,
      ]);
      name = `${pick(random, FIRST)} ${familyName(random, rareShare)}`;
      iban = `DE97${count}`;
    }
    const payment: Payment = {
      amountMinor: amount,
      currency: "EUR",
      valueOn: "2026-04-01" as PlainDate,
      text: { lines: text.length > 27 ? [text.slice(0, 27), text.slice(27)] : [text], structured: [], numbers: [] },
      payerNames: [name],
      payerIban: iban,
    };
    const questions = questionsOf(payment, shapes);
    const receivables = new Map(
      questions.references.flatMap(({ token }) => {
        const found = owners.get(token);
        return found ? [[token, found] as const] : [];
      }),
    );
    const accountHolders = accounts.get(iban) ?? [];
    const words = name.replace(",", "").split(" ");
    const nameHits =
      receivables.size > 0 || accountHolders.length > 0
        ? []
        : (byName.get(words.join(" ")) ?? byName.get(words.reverse().join(" ")) ?? []);
    const involved = new Set([
      ...[...receivables.values()].flat().map(({ customerId }) => customerId),
      ...accountHolders,
      ...nameHits,
    ]);
    const persons = [...involved].map((id) => people[Number(id.slice(1))] as Person);
    const answers: Answers = {
      receivables,
      byCustomerNumber: new Map(),
      accountHolders,
      nameHits,
      items: new Map(
        persons.map(({ id, items: all }) => [
          id,
          all.map((one) => (one === settled ? { ...one, openMinor: 0n } : one)),
        ]),
      ),
      names: new Map(
        persons.map(({ id, first, family }): [CustomerId, KnownName[]] => [id, [{ firstName: first, name: family }]]),
      ),
    };
    yield {
      noise,
      payment,
      answers,
      customerId: noise === "unrelated" ? null : payer.id,
      items: items.map(({ receivableId }) => receivableId),
    }; // prettier-ignore
  }
}

/** The shapes the generated numbers have, for those who ask again. */
export const generatedShapes = (itemCount: number) => shapesOf([`RE-${String(itemCount).padStart(7, "0")}`]);
