/**
 * Checks before dunning (Rechnungseingangskontrolle). Words: a *rule* is one thing that is looked at, switched and set by
 * the creditor; a *finding* is a rule that an item fails. A blocking finding keeps its item from being dunned until the
 * cause is gone or a person has dismissed it; a warning is work for a person; a hint is shown and makes no work.
 */
import type { CreditorId, Currency, CustomerId, Instant, ReceivableId, Uuid } from "../../pure/kernel/index.ts";

export const SEVERITIES = ["blocking", "warning", "hint"] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface Parameter {
  readonly name: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
}

interface RuleDefault {
  readonly on: boolean;
  readonly severity: Severity;
  readonly parameters?: readonly Parameter[];
}

/**
 * Every rule with its defaults, in the order they are shown. Names and explanations in words stand with the texts of the
 * console (`check_<rule>`, `check_<rule>_explains`). What blocks by default is wrong on its face; what only may be wrong
 * warns; what is usual in many trades (no order number, no postal address) hints or is off.
 */
export const RULES = {
  arithmetic: { on: true, severity: "blocking" },
  line_price: { on: true, severity: "warning" },
  vat_id_malformed: { on: true, severity: "warning" },
  amount_not_positive: { on: true, severity: "blocking" },
  duplicate_number: { on: true, severity: "blocking" },
  duplicate_amount: { on: true, severity: "blocking" },
  due_before_issue: { on: true, severity: "blocking" },
  due_long_past: { on: true, severity: "blocking", parameters: [{ name: "days", value: 1095, min: 30, max: 3650 }] },
  due_too_late: { on: true, severity: "warning", parameters: [{ name: "days", value: 180, min: 14, max: 1095 }] },
  customer_unknown: { on: true, severity: "blocking" },
  already_paid: { on: true, severity: "blocking" },
  credit_on_account: { on: true, severity: "warning" },
  wrong_customer_kind: { on: true, severity: "warning" },
  currency_without_account: { on: true, severity: "warning" },
  customer_unreachable: { on: true, severity: "hint" },
  address_incomplete: { on: true, severity: "hint" },
  order_missing: { on: false, severity: "warning" },
  notice_missing: { on: false, severity: "hint" },
} as const satisfies Record<string, RuleDefault>;

export type RuleKey = keyof typeof RULES;
/** Rules that look at the invoice's own document: found when it comes in, and kept as long as its item is open. */
export const STATED_RULES = ["arithmetic", "line_price", "vat_id_malformed"] as const satisfies readonly RuleKey[];
export type StatedRule = (typeof STATED_RULES)[number];
export const isStated = (rule: RuleKey): rule is StatedRule => STATED_RULES.some((stated) => stated === rule);

export const RULE_KEYS = Object.keys(RULES) as readonly RuleKey[];
export const isRule = (key: string): key is RuleKey => Object.hasOwn(RULES, key);

/** A rule as it is in force at a creditor. */
export interface Rule {
  readonly key: RuleKey;
  readonly on: boolean;
  readonly severity: Severity;
  readonly parameters: readonly Parameter[];
  /** `user:<id>`; absent: as shipped. */
  readonly changedBy?: string;
  readonly changedAt?: string;
}

/** What `creditor.settings.checking.<rule>` may hold. */
export interface RuleSetting {
  readonly on?: boolean;
  readonly severity?: Severity;
  readonly parameters?: Readonly<Record<string, number>>;
  readonly changedBy?: string;
  readonly changedAt?: string;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** The rules of a creditor: its settings over the defaults; what does not fit is passed over. */
export function rulesOf(settings: Readonly<Record<string, unknown>>): Rule[] {
  const given = isObject(settings["checking"]) ? settings["checking"] : {};
  return RULE_KEYS.map((key): Rule => {
    const standard: RuleDefault = RULES[key];
    const own = isObject(given[key]) ? (given[key] as RuleSetting) : {};
    return {
      key,
      on: typeof own.on === "boolean" ? own.on : standard.on,
      severity: own.severity && SEVERITIES.includes(own.severity) ? own.severity : standard.severity,
      parameters: (standard.parameters ?? []).map((parameter) => {
        const value = own.parameters?.[parameter.name];
        return value !== undefined && fits(parameter, value) ? { ...parameter, value } : parameter;
      }),
      ...(typeof own.changedBy === "string" && { changedBy: own.changedBy }),
      ...(typeof own.changedAt === "string" && { changedAt: own.changedAt }),
    };
  });
}

export const fits = ({ min, max }: Parameter, value: number): boolean =>
  Number.isInteger(value) && value >= min && value <= max;

export type FindingState = "open" | "dismissed" | "resolved";

/** Ids, amounts in minor units, days and codes; never a name (decisions and logs see it). */
export type FindingFacts = Readonly<Record<string, string | number>>;

export interface Finding {
  readonly findingId: Uuid;
  readonly customerId: CustomerId;
  readonly receivableId: ReceivableId;
  readonly creditorId: CreditorId;
  readonly number: string;
  readonly currency: Currency;
  readonly openMinor: bigint;
  readonly rule: RuleKey;
  readonly severity: Severity;
  readonly facts: FindingFacts;
  readonly state: FindingState;
  readonly foundAt: Instant;
  readonly note?: string;
  readonly decidedBy?: string;
  readonly decidedAt?: Instant;
}

/** What a check sees at an item, before it is compared with what is known. */
export interface Hit {
  readonly customerId: CustomerId;
  readonly receivableId: ReceivableId;
  readonly rule: RuleKey;
  readonly severity: Severity;
  readonly facts: FindingFacts;
}

export interface CheckCounts {
  readonly found: number;
  readonly resolved: number;
}
