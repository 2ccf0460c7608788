/** A profile as it is compared: names in words, addresses in parts. Everything here is folded. */
import type { Profile } from "../model.ts";
import { distance, fold, spelling, wordsOf } from "./spelling.ts";

export interface Address {
  readonly street: string;
  readonly house: string;
  readonly postcode: string;
  readonly city: string;
}

export interface View {
  readonly first: readonly string[];
  readonly last: readonly string[];
  /** `sen`, `jun`, `2`: told apart on purpose. */
  readonly generation: string | undefined;
  /** Several people in one name: `Hans und Maria`, `Familie`. */
  readonly several: boolean;
  readonly company: { readonly words: readonly string[]; readonly legalForm: string | undefined } | undefined;
  readonly addresses: readonly Address[];
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  readonly accounts: readonly string[];
}

const TITLES = new Set(
  "herr herrn frau hr fr dr drs prof professor med dent jur rer nat phil vet dipl ing mag mba msc bsc ba ma phd dipling".split(
    " ",
  ),
);
const PARTICLES = new Set("von van de der den zu zum zur vom da di del della dos la le el al ten ter te".split(" "));
const GENERATIONS: Readonly<Record<string, string>> = {
  sen: "sen", senior: "sen", sr: "sen", jun: "jun", junior: "jun", jr: "jun", ii: "2", iii: "3",
}; // biome-ignore format: a table
const SEVERAL = new Set("und u and familie fam eheleute ehepaar erbengemeinschaft wg".split(" "));
const LEGAL = new Set(
  "gmbh mbh ag kg kgaa ohg gbr ug haftungsbeschraenkt ek eg ev se ltd inc llc co cie partg partgmbb bv srl sarl".split(
    " ",
  ),
);

interface Words {
  readonly words: string[];
  readonly generation: string | undefined;
  readonly several: boolean;
}

/** Words of a person's name without titles and particles. */
function personWords(text: string): Words {
  let generation: string | undefined;
  let several = /[&+/]/.test(text);
  const words: string[] = [];
  for (const word of wordsOf(text)) {
    const folded = fold(word);
    if (folded === "" || TITLES.has(folded)) continue;
    if (Object.hasOwn(GENERATIONS, folded)) generation = GENERATIONS[folded];
    else if (SEVERAL.has(folded)) several = true;
    else words.push(folded);
  }
  const plain = words.filter((word) => !PARTICLES.has(word));
  return { words: plain.length > 0 ? plain : words, generation, several };
}

function companyOf(text: string): View["company"] {
  const dotted = text.replace(
    /\be\.\s?K\.?|\be\.\s?V\.?|\be\.\s?G\.?/gi,
    (found) => ` ${found.replace(/[.\s]/g, "")} `,
  );
  const words = wordsOf(dotted)
    .map(fold)
    .filter((word) => word !== "" && word !== "und" && word !== "the");
  const legal = words.filter((word) => LEGAL.has(word) && word !== "co" && word !== "cie");
  const own = words.filter((word) => !LEGAL.has(word));
  if (own.length === 0) return undefined;
  const forms = [...new Set(legal.map((word) => (word === "haftungsbeschraenkt" ? "ug" : word)))].sort();
  return { words: own, legalForm: forms.length === 0 ? undefined : forms.join(" ") };
}

/** `…straße`, `…str.`, and with a slip in it, in one writing. */
function shortened(street: string): string {
  if (street.endsWith("str")) return street;
  const tails = [7, 6, 8, 5].map((length) => ({ length, apart: distance(street.slice(-length), "strasse") }));
  const best = tails.reduce((one, other) => (other.apart < one.apart ? other : one));
  return best.apart <= (best.length === 5 ? 2 : 1) || (best.apart === 2 && best.length >= 6)
    ? `${street.slice(0, -best.length)}str`
    : street;
}

/** `Hauptstr. 5 a` → hauptstr, 5a. */
export function readStreet(text: string): Pick<Address, "street" | "house"> {
  const found = /^(.*?)[\s,]*(\d+)\s*([a-zA-Z]?)(?:\s*[-/+]\s*\d+\s*[a-zA-Z]?)?\s*$/.exec(text.trim());
  const street = shortened(
    wordsOf(found?.[1] ?? text)
      .map(fold)
      .join(""),
  );
  return { street, house: found ? `${Number(found[2])}${(found[3] ?? "").toLowerCase()}` : "" };
}

function names(profile: Profile): Pick<View, "first" | "last" | "generation" | "several"> {
  const { firstName = "", name = "" } = profile.identity;
  // `Muster, Erika` in one field.
  const [before = "", after = ""] = name.split(",");
  const first = personWords(firstName === "" && after.trim() !== "" ? after : firstName);
  const last = personWords(firstName === "" && after.trim() !== "" ? before : name);
  const generation = first.generation ?? last.generation;
  const several = first.several || last.several;
  if (first.words.length === 0 && last.words.length > 1)
    return { first: last.words.slice(0, -1), last: last.words.slice(-1), generation, several };
  if (last.words.length === 0 && first.words.length > 1)
    return { first: first.words.slice(0, -1), last: first.words.slice(-1), generation, several };
  return { first: first.words, last: last.words, generation, several };
}

export function viewOf(profile: Profile): View {
  const { company } = profile.identity;
  return {
    ...names(profile),
    company: company === undefined ? undefined : companyOf(company),
    addresses: profile.identity.addresses.map((address) => ({
      ...readStreet(address.street),
      postcode: fold(address.postcode),
      city: spelling(fold(address.city)),
    })),
    emails: profile.emails,
    phones: profile.phones,
    accounts: profile.accounts,
  };
}
