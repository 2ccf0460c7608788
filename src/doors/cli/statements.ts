/** What the law says, as a statement a person reads: sentences, a table where there is one, paragraphs. No key names. */

export type LawName = "interest" | "ledger" | "default" | "costs" | "allocate" | "limitation" | "garnishment";

/** A JSON object with unknown fields. */
type Fields = Readonly<Record<string, unknown>>;
type Row = readonly string[];

/** `element` is the question as it was asked, `answer` what stands beside it as JSON. Ends with a newline. */
export function lawStatement(name: LawName, element: unknown, answer: unknown): string {
  const outer = fieldsOf(element);
  const input = "input" in outer ? { ...outer, ...fieldsOf(outer["input"]) } : outer;
  const result = fieldsOf(answer);
  const lines = "error" in result ? refusal(fieldsOf(result["error"])) : STATEMENTS[name](input, result);
  const heading = outer["id"] === undefined ? TITLES[name] : `${TITLES[name]}: ${text(outer["id"])}`;
  return `${[heading, "", ...lines].join("\n")}\n`;
}

const TITLES: Readonly<Record<LawName, string>> = {
  interest: "Default interest",
  ledger: "Account of one claim",
  default: "Start of default",
  costs: "Costs of pursuing a claim",
  allocate: "What a payment pays",
  limitation: "Limitation",
  garnishment: "Garnishable pay",
};

const STATEMENTS: Readonly<Record<LawName, (input: Fields, result: Fields) => string[]>> = {
  interest(input, result) {
    const currency = text(input["currency"] ?? "EUR");
    const sums = fieldsOf(result["interest"]);
    const kind = typeof input["debtorKind"] === "string" ? input["debtorKind"] : "consumer";
    return [
      `${money(input["principal"], currency)}, from ${text(input["firstInterestDay"])} to ${text(input["lastInterestDay"])}, both days counted.`,
      RATES[kind] ?? RATES["consumer"] ?? "",
      "",
      ...table(
        ["from", "to", "days", "of", "base rate", "interest rate"],
        rows(result["segments"]).map((one) => [
          text(one["from"]),
          text(one["to"]),
          text(one["days"]),
          text(one["yearDays"]),
          one["basePercent"] === null ? "none" : percent(one["basePercent"]),
          percent(one["ratePercent"]),
        ]),
      ),
      "",
      `Interest for ${text(result["days"])} days: ${money(sums["act/act"], currency)}, by the days each year has.`,
      `With 365 days in every year it is ${money(sums["act/365"], currency)}, with 360 days ${money(sums["act/360"], currency)}.`,
      ...provisional(result),
    ];
  },
  ledger(input, result) {
    const currency = text(input["currency"] ?? "EUR");
    const final = fieldsOf(result["final"]);
    return [
      `${money(input["principal"], currency)}, interest from ${text(input["start"])} (§§ 247, 288 BGB).`,
      input["order"] === "497"
        ? "A payment goes to costs, then principal, then interest (§ 497 (3) BGB)."
        : input["order"] === "principal_first"
          ? "A payment goes to the principal first, as the customer determined."
          : "A payment goes to costs, then interest, then principal (§ 367 (1) BGB).",
      "",
      ...table(
        ["date", "payment", "interest since", "to costs", "to interest", "to principal", "open principal"],
        rows(result["log"]).map((one) => [
          text(one["date"]),
          text(one["payment"]),
          text(one["interestAccrued"]),
          text(one["toCosts"]),
          text(one["toInterest"]),
          text(one["toPrincipal"]),
          text(one["openPrincipal"]),
        ]),
      ),
      "",
      `Open on ${text(final["asOf"])}: ${money(final["total"], currency)} (principal ${text(final["openPrincipal"])}, interest ${text(final["openInterest"])}, costs ${text(final["openCosts"])}).`,
      ...provisional(result),
    ];
  },
  default(input, result) {
    const since = result["firstDayOfDefault"] ?? result["inDefaultFrom"];
    const ground = groundOfDefault(input);
    if (since === null || since === undefined)
      return [ground, "So there is no default yet: it takes a dunning notice after the due date (§ 286 (1) BGB)."];
    return [
      ground,
      ...(result["lastDayToPay"] === undefined
        ? []
        : [`Last day to pay: ${text(result["lastDayToPay"])} (§§ 187, 188, 193 BGB).`]),
      `In default from ${text(since)}.`,
      ...(result["firstInterestDay"] === undefined
        ? ["A dunning notice is not needed for it."]
        : [`Interest runs from ${text(result["firstInterestDay"])}, the day after (§ 187 (1) BGB).`]),
    ];
  },
  costs(input, result) {
    const charges = Array.isArray(result["chargeable"]) ? (result["chargeable"] as unknown[]) : [];
    return [
      ...(input["claim"] === undefined ? [] : [`Claim: ${money(input["claim"], "EUR")}.`]),
      ...charges.map(
        (sum, index) =>
          `${`Notice ${index + 1} (§§ 280, 286 BGB: material cost, once in default)`.padEnd(58)} ${text(sum).padStart(12)} EUR`,
      ),
      ...Object.entries(COSTS)
        .filter(([key]) => result[key] !== undefined)
        .map(([key, label]) => `${label.padEnd(58)} ${text(result[key]).padStart(12)} EUR`),
    ];
  },
  allocate(input, result) {
    const currency = text(input["currency"] ?? "EUR");
    const open = new Map(rows(result["open"]).map((one) => [one["id"], one]));
    return [
      `Payment of ${money(input["payment"], currency)}${input["debtorDesignation"] ? `, for ${[input["debtorDesignation"]].flat().map(text).join(", ")} as the customer said (§ 366 (1) BGB)` : " without a word what it is for (§ 366 (2) BGB)"}; within a claim § 367 (1) BGB.`,
      "",
      ...table(
        ["claim", "to costs", "to interest", "to principal", "left open"],
        rows(result["allocations"]).map((one) => {
          const rest = open.get(one["id"]) ?? {};
          const parts = [rest["costs"], rest["interest"], rest["principal"]]
            .map(text)
            .filter((part) => !/^0(\.0+)?$/.test(part));
          return [
            text(one["id"]),
            text(one["costs"]),
            text(one["interest"]),
            text(one["principal"]),
            parts.join(" + ") || "nothing",
          ];
        }),
      ),
      "",
      `Left over: ${money(result["overpayment"], currency)}.`,
    ];
  },
  limitation(input, result) {
    const ground =
      input["kind"] === "titled"
        ? `A title, final since ${text(input["titleFinal"])}: thirty years (§§ 197 (1) no. 3, 201 BGB).`
        : input["kind"] === "interestAfterTitle"
          ? `Interest of ${text(input["accrualYear"])} due after a title: three years from the end of that year (§§ 197 (2), 195, 199 BGB).`
          : `Arose on ${text(input["claimArose"])}: three years from the end of the year in which it arose and was known (§§ 195, 199 BGB).`;
    const end = text(result["nominalEnd"]);
    const last = text(result["lastDayToFile"]);
    return [
      ground,
      ...(rows(input["restarts"]).length > 0
        ? [
            `An acknowledgement or part payment in time starts the term anew: ${rows(input["restarts"])
              .map((one) => text(one["date"]))
              .join(", ")} (§ 212 BGB).`,
          ]
        : []),
      `The term ends on ${end}${rows(input["suspensions"]).length > 0 ? ", suspensions counted (§§ 203 to 209 BGB)" : ""}.`,
      `Last day to file: ${last}${end === last ? "" : ", the next working day (§ 193 BGB)"}.`,
    ];
  },
  garnishment(input, result) {
    const [pay, span] = [
      [input["netDaily"], "a day"],
      [input["netWeekly"], "a week"],
      [input["netMonthly"], "a month"],
    ].find(([amount]) => amount !== undefined) ?? [undefined, ""];
    const dependants = Number(input["dependants"] ?? 0);
    return [
      `Net pay of ${money(pay, "EUR")} ${text(span)}, ${dependants === 0 ? "nobody" : dependants === 1 ? "one person" : `${dependants} persons`} to maintain, table in force on ${text(input["period"])}.`,
      `Garnishable: ${money(result["garnishable"], "EUR")} (§ 850c ZPO).`,
    ];
  },
};

const BUSINESS =
  "Between businesses: nine percentage points above the base rate (§ 288 (2) BGB; base rate: § 247 BGB).";
/** By the kind of customer or claim in the question. */
const RATES: Readonly<Record<string, string>> = {
  consumer: "Owed by a consumer: five percentage points above the base rate (§ 288 (1) BGB; base rate: § 247 BGB).",
  business: BUSINESS,
  b2b: BUSINESS,
  b2b_old:
    "Between businesses, arisen before 2014-07-29: eight percentage points above the base rate (§ 288 (2) BGB, old version, Art. 229 § 34 EGBGB; base rate: § 247 BGB).",
  mortgage_consumer_loan:
    "A consumer's loan on land: two and a half percentage points above the base rate (§ 497 (4) BGB; base rate: § 247 BGB).",
  statutory: "Four per cent a year, the rate of the statute (§ 246 BGB).",
  merchant_due: "Between merchants from the due date: five per cent a year (§§ 352, 353 HGB).",
};

/** In the order of a bill. */
const COSTS: Readonly<Record<string, string>> = {
  vv2300: "Business fee (no. 2300 VV RVG)",
  vv1000_2: "Settlement fee (no. 1000 VV RVG)",
  valueForVV1000: "  on a value of (§ 31b RVG)",
  vv3305: "Procedural fee, payment order (no. 3305 VV RVG)",
  vv3308: "Procedural fee, enforcement order (no. 3308 VV RVG)",
  credited2300: "less the credited business fee (Vorbem. 3 (4) VV RVG)",
  vv7002: "Flat expenses (no. 7002 VV RVG)",
  net: "Net",
  vat: "Value added tax (no. 7008 VV RVG)",
  courtFee: "Court fee (no. 1100 KV GKG)",
  flat: "Lump sum, 40 EUR a payment (§ 288 (5) BGB)",
  additionalLegalCosts: "Legal costs above the lump sum (§ 288 (5) 3 BGB)",
  total: "Total",
};

const given = (value: unknown): boolean => value !== undefined && value !== null;

function groundOfDefault(input: Fields): string {
  const due = text(input["dueDate"]);
  if (given(input["refusalReceived"]))
    return `Payment was refused seriously and finally on ${text(input["refusalReceived"])} (§ 286 (2) no. 3 BGB).`;
  if (given(input["noticeReceived"]))
    return `Due on ${due}; a dunning notice arrived on ${text(input["noticeReceived"])} (§ 286 (1) BGB).`;
  if (given(input["invoiceReceived"]) || given(input["performanceReceived"])) {
    const said =
      input["consumer"] === false
        ? ""
        : input["specialNotice"] === true
          ? ", with the notice a consumer must have"
          : ", without the notice a consumer must have";
    return `Due on ${due}, invoice received on ${text(input["invoiceReceived"] ?? input["performanceReceived"])}: thirty days (§ 286 (3) BGB)${said}.`;
  }
  return input["agreedInContract"] === true
    ? `Due on ${due}, a day of the calendar agreed in the contract (§ 286 (2) no. 1 BGB).`
    : `Due on ${due}, a day the invoice set one-sidedly: no day agreed in a contract (§ 286 (2) no. 1 BGB).`;
}

const refusal = ({ message, where }: Fields): string[] => [
  `This can't be computed. ${text(message)}${where === undefined ? "" : ` (${text(where)})`}`,
];

const provisional = (result: Fields): string[] =>
  result["provisional"] === true
    ? ["Provisional: a base rate of this time is not published yet; the last one is used."]
    : [];

function table(head: Row, body: readonly Row[]): string[] {
  if (body.length === 0) return ["  nothing"];
  const widths = head.map((title, column) =>
    Math.max(...[title, ...body.map((row) => row[column] ?? "")].map(({ length }) => length)),
  );
  return [head, ...body].map((row) => `  ${row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join("  ")}`);
}

const fieldsOf = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});
const rows = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(fieldsOf) : []);
const text = (value: unknown): string =>
  typeof value === "string"
    ? value
    : typeof value === "number" || typeof value === "boolean"
      ? String(value)
      : "not given";
const money = (value: unknown, currency: string): string => `${text(value)} ${currency}`;
const percent = (value: unknown): string => `${text(value)} %`;
