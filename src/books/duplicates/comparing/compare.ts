/**
 * Are two files one person? An ordered list of rules over how the names and the ways to reach them relate; each returns
 * what it came to. The measure behind them: a person is known by name *and* at least one thing a namesake does not have
 * (address, e-mail, phone, account); a family shares all of those but the first name.
 */
import type { Comparison, Mark, ReasonCode, Suggestion } from "../model.ts";
import { type Contacts, relateContacts, type Sharing } from "./contacts.ts";
import { isFirstName } from "./first-names.ts";
import { type Commonness, type NameRelation, relateNames } from "./names.ts";
import { distance, slips, spelling } from "./spelling.ts";
import type { View } from "./view.ts";

export interface Surroundings {
  readonly common: Commonness;
  readonly sharing: Sharing;
}

interface Evidence {
  readonly contacts: Contacts;
  /** How many of e-mail, phone, account and address agree. */
  readonly agree: number;
  /** How many of e-mail, phone and account both have and don't share. */
  readonly contradict: number;
}

/** What two files come to; undefined: nothing that a person should look at. */
export function compare(a: View, b: View, surroundings: Surroundings): Comparison | undefined {
  const contacts = relateContacts(a, b, surroundings.sharing);
  const same = [contacts.email === "same", contacts.phone === "same", contacts.account === "same"];
  const agree = same.filter(Boolean).length + (contacts.address === "same" || contacts.address === "similar" ? 1 : 0);
  const contradict = [contacts.email, contacts.phone, contacts.account].filter((one) => one === "differs").length;
  const evidence: Evidence = { contacts, agree, contradict };
  if (a.company && b.company) return companies(a, b, evidence);
  const names = relateNames(a, b, surroundings.common);
  if (a.company || b.company) return companyAndPerson(names, evidence);
  return people(a, b, names, evidence);
}

function result(
  suggests: Suggestion,
  mark: Mark,
  evidence: Evidence,
  reasons: readonly (ReasonCode | undefined)[],
): Comparison {
  const { agree, contradict, contacts } = evidence;
  const base = { sure: 92, likely: 74, possible: 52 }[mark];
  const most = { sure: 99, likely: 89, possible: 69 }[mark];
  const score = Math.min(most, Math.max(base, base + agree * 3 - contradict * 2));
  const told = [...reasons, ...contactReasons(contacts)].filter((reason) => reason !== undefined);
  return { suggests, mark, score, reasons: [...new Set(told)] };
}

function contactReasons({ email, phone, account, address, samePlace, sharedByMany }: Contacts): ReasonCode[] {
  const told: (ReasonCode | false)[] = [
    email === "same" && "email_same",
    account === "same" && "account_same",
    phone === "same" && "phone_same",
    address === "same" && "address_same",
    address === "similar" && "address_similar",
    email === "similar" && "email_similar",
    address === "differs" && samePlace && "place_same",
    address === "differs" && !samePlace && "address_differs",
    email === "differs" && "email_differs",
    phone === "differs" && "phone_differs",
    account === "differs" && "account_differs",
    sharedByMany && "shared_by_many",
  ];
  return told.filter((one) => one !== false);
}

function nameReasons({ first, last, swapped }: NameRelation): ReasonCode[] {
  const told: (ReasonCode | false)[] = [
    swapped && "name_swapped",
    first === "same" && last === "same" && !swapped && "name_same",
    (first === "spelling" || last === "spelling") && "name_spelling",
    (first === "typo" || last === "typo") && "name_typo",
    (first === "short" || first === "begins") && "name_short",
    first === "initial" && "name_initial",
    first === "missing" && "first_name_missing",
    first === "close" && "first_name_close",
    first === "differs" && "first_name_differs",
    (last === "part" || last === "differs") && "surname_differs",
    last === "near" && "name_typo",
  ];
  return told.filter((one) => one !== false);
}

/** Two people. The order of the rules is part of what they mean. */
function people(a: View, b: View, names: NameRelation, evidence: Evidence): Comparison | undefined {
  const { agree, contacts } = evidence;
  const { first, last } = names;
  const told = nameReasons(names);
  const make = (suggests: Suggestion, mark: Mark): Comparison => result(suggests, mark, evidence, told);
  const sameLast = last === "same" || last === "spelling" || last === "typo";
  const home = contacts.address === "same" || contacts.address === "similar";
  if (last === "missing") return agree >= 2 ? make("merge", "possible") : undefined;
  if (a.generation !== b.generation && (a.generation ?? b.generation) !== undefined && sameLast) {
    if (agree === 0) return undefined;
    const reasons: ReasonCode[] = ["generation_differs", ...told];
    // `Hans Müller jun.` and `Hans Müller` may be father and son, or one of them left the word out.
    return result(
      a.generation !== undefined && b.generation !== undefined ? "household" : "merge",
      "possible",
      evidence,
      reasons,
    );
  }
  if (a.several !== b.several && sameLast) return agree > 0 ? make("household", "possible") : undefined;
  if (sameLast && (first === "same" || first === "spelling" || first === "typo")) {
    const mark = onePerson(names, evidence);
    // `Finn` and `Fynn` are one boy or two: what a family shares does not tell.
    if (mark === "sure" && first === "spelling" && contacts.email !== "same" && bothNames(a, b))
      return make("merge", "likely");
    return mark && make("merge", mark);
  }
  if (sameLast && (first === "short" || first === "begins")) {
    if (agree === 0) return undefined;
    const given = a.first[0] === b.first[0];
    // At one address `Hans Peter` is Hans; `Janina` is Jan's sister.
    if (first === "short" && last !== "typo" && home && evidence.contradict <= 1) return make("merge", "sure");
    if (agree >= 3 || (agree >= 2 && (given || contacts.email === "same"))) return make("merge", "sure");
    return make("merge", agree >= 2 || given ? "likely" : "possible");
  }
  if (sameLast && (first === "initial" || first === "missing")) {
    if (agree === 0) return undefined;
    // A mailbox that carries the first name is one person's.
    const written = [...a.first, ...b.first].reduce((one, other) => (one.length > other.length ? one : other), "");
    const own = a.emails.some((email) => b.emails.includes(email) && email.split("@")[0]?.includes(written));
    if (first === "initial" && own && written.length >= 4 && agree >= 2) return make("merge", "sure");
    if (first === "initial" && contacts.email === "same" && home) return make("merge", "sure");
    return make("merge", contacts.email === "same" || agree >= 3 ? "likely" : "possible");
  }
  if (sameLast && first === "close") {
    // With one mailbox and more besides, a writing that is no name is a slip, whichever name it slipped from.
    if (contacts.email === "same" && agree >= 2 && !bothNames(a, b)) return make("merge", "sure");
    // Neither is: at one address and with one phone or account too.
    if (home && agree >= 2 && evidence.contradict === 0 && !bothNames(a, b)) return make("merge", "sure");
    return agree === 0 ? undefined : make("merge", "possible");
  }
  if (first === "same" || first === "spelling") return otherSurname(names, evidence, told);
  // Another first name: a household at most.
  if (agree === 0) return undefined;
  if (sameLast || last === "part" || last === "near") return make("household", home ? "likely" : "possible");
  return home && agree >= 2 ? make("household", "possible") : undefined;
}

const bothNames = (a: View, b: View): boolean => isFirstName(a.first.join("")) && isFirstName(b.first.join(""));

/** First and last name agree, slips allowed: what else agrees decides. */
function onePerson({ first, last }: NameRelation, { contacts, agree, contradict }: Evidence): Mark | undefined {
  const typos = [first, last].filter((one) => one === "typo").length;
  if (agree === 0) {
    if (contacts.email === "similar") return typos === 0 ? "likely" : "possible";
    return typos === 0 && contacts.samePlace ? "possible" : undefined;
  }
  if (agree >= 2) return "sure";
  if (contacts.email === "same") return typos <= 1 ? "sure" : "likely";
  // One thing agrees that a family may share: what they don't share counts against them.
  if (contacts.address === "same" || contacts.address === "similar") {
    if (contacts.email === "similar") return "sure";
    if (typos === 2) return contradict === 0 ? "sure" : first === "typo" ? "possible" : "likely";
    return contradict >= 2 ? "likely" : "sure";
  }
  if (typos === 2) return "possible";
  return contradict >= 2 || (first === "typo" && contradict >= 1) ? "likely" : "sure";
}

/** The same first name with another surname: married since, or somebody else. */
function otherSurname(names: NameRelation, evidence: Evidence, told: readonly ReasonCode[]): Comparison | undefined {
  const { contacts, agree } = evidence;
  const own = [contacts.email, contacts.phone, contacts.account].filter((one) => one === "same").length;
  const make = (mark: Mark): Comparison => result("merge", mark, evidence, told);
  // Married since: nobody else of this first name lives there and answers that phone or mailbox.
  if (own >= 1 && (contacts.address === "same" || contacts.address === "similar")) return make("sure");
  if (names.last === "near" && own >= 1 && (agree >= 2 || contacts.email === "same")) return make("sure");
  if (names.last === "part" || names.last === "near") {
    if (agree === 0) return undefined;
    return make(contacts.email === "same" && agree >= 2 ? "sure" : agree >= 2 || own > 0 ? "likely" : "possible");
  }
  if (own >= 2) return make(contacts.email === "same" ? "sure" : "likely");
  if (own === 1) return make(agree >= 2 || contacts.email === "same" ? "likely" : "possible");
  return undefined;
}

/** A company and a person at it, or the owner who also orders privately: never by machine. */
function companyAndPerson(names: NameRelation, evidence: Evidence): Comparison | undefined {
  const { contacts, agree } = evidence;
  const sameName =
    (names.last === "same" || names.last === "spelling") && (names.first === "same" || names.first === "spelling");
  if (!sameName || agree === 0) return undefined;
  return result("merge", contacts.email === "same" && agree >= 2 ? "likely" : "possible", evidence, [
    "company_and_person",
    ...nameReasons(names),
  ]);
}

/** Two companies: the person who ordered does not matter, the branch and the legal form do. */
function companies(a: View, b: View, evidence: Evidence): Comparison | undefined {
  if (!a.company || !b.company) return undefined;
  const { contacts, agree, contradict } = evidence;
  const [one, other] = [a.company.words.join(""), b.company.words.join("")];
  const exact = one === other || spelling(one) === spelling(other);
  const sameFigures = one.replace(/\D/g, "") === other.replace(/\D/g, "");
  const typo = !exact && sameFigures && distance(one, other) <= slips(Math.min(one.length, other.length));
  const [fewer, more] =
    a.company.words.length <= b.company.words.length
      ? [a.company.words, b.company.words]
      : [b.company.words, a.company.words];
  const part = !exact && !typo && fewer.every((word) => more.includes(word));
  const forms = [a.company.legalForm, b.company.legalForm];
  const otherForm = forms[0] !== undefined && forms[1] !== undefined && forms[0] !== forms[1];
  const told: (ReasonCode | undefined)[] = [
    exact ? "company_same" : typo || part ? "company_similar" : "company_differs",
    otherForm ? "legal_form_differs" : undefined,
  ];
  const make = (suggests: Suggestion, mark: Mark): Comparison => result(suggests, mark, evidence, told);
  if (agree === 0) return undefined;
  if (!exact && !typo && !part) return agree >= 2 ? make("household", "possible") : undefined;
  if (otherForm || part) return make("merge", agree >= 2 ? "likely" : "possible");
  if (contacts.address === "same" || contacts.address === "similar") {
    if (exact) return make("merge", contradict >= 2 && agree === 1 ? "likely" : "sure");
    return make("merge", agree >= 2 ? "sure" : "likely");
  }
  // Another address: moved, or a branch.
  return make("merge", agree >= 2 ? "likely" : "possible");
}
