/**
 * `kulanz law interest|ledger|default|allocate`: one JSON element in, what stands under `expected` out.
 * The field names are those of the contract (`debtorKind`, `debtorDesignation`); amounts are decimal strings.
 */
import { expectOk, formatMinor, placesOf, roundHalfUp } from "../../../kernel/index.ts";
import { type AccountQuestion, account } from "../account.ts";
import { allocate, type Components } from "../allocation.ts";
import {
  type DefaultFacts, type DefaultStart, defaultByCalendar, defaultByNotice, defaultByRefusal, defaultByThirtyDays,
} from "../default-start.ts"; // biome-ignore format: one line
import { type DayCount, type Interest, type InterestRate, interest, type Rational, rational } from "../interest.ts";
import { type AnswerError, answering, type Reader } from "./reading.ts";

const RATE_OF_KIND = new Map<string, InterestRate>([
  ["consumer", "consumer"],
  ["unknown", "consumer"], // what is not known is decided for the customer (§ 288 I BGB)
  ["b2b", "business"],
  ["business", "business"],
  ["b2b_old", "business_before_2014"],
  ["mortgage_consumer_loan", "consumer_mortgage"],
  ["statutory", "statutory"],
  ["merchant_due", "merchants_due"],
]);

function rateOf(input: Reader, field: string): InterestRate {
  const kind = input.textOr(field, "consumer");
  return (
    RATE_OF_KIND.get(kind) ??
    input.refuse(field, "customer_kind_unknown", `"${kind.slice(0, 40)}" is no known kind: consumer, b2b, b2b_old.`)
  );
}

/** Like a fraction on paper: `155446/1825`, whole numbers without denominator. */
const formatRational = ({ numerator, denominator }: Rational): string =>
  denominator === 1n ? String(numerator) : `${numerator}/${denominator}`;

export interface InterestAnswer {
  readonly segments: readonly {
    readonly from: string;
    readonly to: string;
    readonly days: number;
    readonly basePercent: string | null;
    readonly ratePercent: string;
    readonly yearDays: number;
  }[];
  readonly days: number;
  readonly interest: Readonly<Record<DayCount, string>>;
  readonly interestExact: Readonly<Record<DayCount, string>>;
  readonly interestSegmentRounded: Readonly<Record<"act/365" | "act/act", string>>;
  readonly provisional?: true;
}

/**
 * Default interest of one principal by all three day counts (§§ 247, 288 BGB). `"provisional": true` in the input
 * counts days without a published base rate at the last known one, and says so.
 */
export function answerInterest(element: unknown): InterestAnswer | AnswerError {
  return answering(element, (input) => {
    const code = input.currency();
    const minor = input.amount("principal", code);
    const firstDay = input.date("firstInterestDay");
    const lastDay = input.date("lastInterestDay");
    const rate = rateOf(input, "debtorKind");
    const unknownBaseRate = input.flag("provisional", false) ? "provisional" : "refuse";
    const by = (dayCount: DayCount): Interest =>
      expectOk(
        interest({ principal: [{ from: firstDay, minor }], rate, firstDay, lastDay, dayCount, unknownBaseRate }),
      );
    const counted = { "act/365": by("act/365"), "act/act": by("act/act"), "act/360": by("act/360") };
    const text = (value: bigint): string => formatMinor(value, code);
    const exact = ({ exact: value }: Interest): string =>
      formatRational(rational(value.numerator, value.denominator * 10n ** BigInt(placesOf(code))));
    const segmentRounded = ({ segments }: Interest): string =>
      text(segments.reduce((sum, one) => sum + roundHalfUp(one.exact.numerator, one.exact.denominator), 0n));
    return {
      segments: counted["act/act"].segments.map(({ from, to, days, basePercent, ratePercent, yearDays }) => ({
        from,
        to,
        days,
        basePercent,
        ratePercent,
        yearDays,
      })),
      days: counted["act/act"].days,
      interest: {
        "act/365": text(counted["act/365"].sum),
        "act/act": text(counted["act/act"].sum),
        "act/360": text(counted["act/360"].sum),
      },
      interestExact: {
        "act/365": exact(counted["act/365"]),
        "act/act": exact(counted["act/act"]),
        "act/360": exact(counted["act/360"]),
      },
      interestSegmentRounded: {
        "act/365": segmentRounded(counted["act/365"]),
        "act/act": segmentRounded(counted["act/act"]),
      },
      ...(counted["act/act"].provisional ? { provisional: true as const } : {}),
    };
  });
}

const ACCOUNT_ORDERS = new Map<string, AccountQuestion["order"]>([
  ["367", "statutory"],
  ["497", "consumer_loan"],
  ["principal_first", "principal_first"],
]);

/** Statement of one claim with payments (§§ 288, 367, 497 III BGB), act/act. */
export function answerLedger(element: unknown) {
  return answering(element, (input) => {
    const code = input.currency();
    const text = (value: bigint): string => formatMinor(value, code);
    const orderName = input.textOr("order", "367");
    const order =
      ACCOUNT_ORDERS.get(orderName) ??
      input.refuse("order", "order_unknown", "Orders are 367, 497 and principal_first.");
    const result = expectOk(
      account({
        principal: input.amount("principal", code),
        costs: input.amountOr("costs", 0n, code),
        rate: rateOf(input, "kind"),
        firstInterestDay: input.date("start"),
        asOf: input.date("end"),
        payments: input.payments("payments", code),
        order,
        unknownBaseRate: input.flag("provisional", false) ? "provisional" : "refuse",
      }),
    );
    /** In the order in which the payment pays. */
    const paid = (parts: Components) => {
      const toCosts = text(parts.costs);
      const toInterest = text(parts.interest);
      const toPrincipal = text(parts.principal);
      if (order === "consumer_loan") return { toCosts, toPrincipal, toInterest };
      return order === "principal_first" ? { toPrincipal, toCosts, toInterest } : { toCosts, toInterest, toPrincipal };
    };
    return {
      log: result.lines.map((line) => ({
        date: line.on,
        payment: text(line.payment),
        interestAccrued: text(line.accrued?.sum ?? 0n),
        ...paid(line.paid),
        overpayment: text(line.overpayment),
        openCosts: text(line.open.costs),
        openInterest: text(line.open.interest),
        openPrincipal: text(line.open.principal),
      })),
      final: {
        asOf: result.asOf,
        openCosts: text(result.open.costs),
        openInterest: text(result.open.interest),
        openPrincipal: text(result.open.principal),
        total: text(result.total),
      },
      ...(result.provisional ? { provisional: true as const } : {}),
    };
  });
}

/** The rule of the element, or the one its fields speak of. */
function defaultRule(input: Reader, outer: Reader): string {
  const named = outer.textOr("rule", input.textOr("rule", null));
  if (named !== null) return named;
  if (input.has("refusalReceived")) return "refusal";
  if (input.has("noticeReceived")) return "notice";
  if (input.has("invoiceReceived") || input.has("specialNotice")) return "thirtyDays";
  return "calendar";
}

/** When default starts by one rule (§ 286 BGB). */
export function answerDefault(element: unknown) {
  return answering(element, (input, outer) => {
    const rule = defaultRule(input, outer);
    const unilateral = rule === "calendar_unilateral";
    const facts: DefaultFacts = {
      dueDate: input.dateOr("dueDate", null),
      dueDateAgreed: input.flag("agreedInContract", !unilateral) && !unilateral,
      customerKind: input.flag("consumer", true) ? "consumer" : "business",
      state: input.state(),
      invoiceReceived: input.dateOr("invoiceReceived", null),
      notice30Days: input.flag("specialNotice", false),
      performanceReceived: input.dateOr("performanceReceived", null),
      noticeReceived: input.dateOr("noticeReceived", null),
      noticeDeadline: input.dateOr("deadlineInNotice", null),
      refusalReceived: input.dateOr("refusalReceived", null),
    };
    const byDay = (start: DefaultStart | null) =>
      start === null
        ? { firstDayOfDefault: null, dunningNoticeNeeded: true }
        : {
            lastDayToPay: start.lastDayToPay,
            firstDayOfDefault: start.firstInterestDay,
            dunningNoticeNeeded: false,
          };
    const byAct = (start: DefaultStart | null) => ({
      inDefaultFrom: start?.inDefaultFrom ?? null,
      firstInterestDay: start?.firstInterestDay ?? null,
    });
    switch (rule) {
      case "calendar":
      case "calendar_unilateral":
        input.date("dueDate");
        return byDay(defaultByCalendar(facts));
      case "thirtyDays":
        if (!input.has("performanceReceived")) input.date("invoiceReceived");
        return byDay(defaultByThirtyDays(facts));
      case "notice":
        input.date("noticeReceived");
        return byAct(defaultByNotice(facts));
      case "refusal":
        input.date("refusalReceived");
        return byAct(defaultByRefusal(facts));
      default:
        return outer.refuse(
          "rule",
          "default_rule_unknown",
          `"${rule.slice(0, 40)}" is no known rule: calendar, calendar_unilateral, thirtyDays, notice, refusal.`,
        );
    }
  });
}

const CLAIM_KINDS = { ordinary: "ordinary", consumerLoan: "consumer_loan" } as const;

/** What a payment pays (§§ 366, 367, 396, 497 III BGB). */
export function answerAllocation(element: unknown) {
  return answering(element, (input) => {
    const code = input.currency();
    const text = (value: bigint): string => formatMinor(value, code);
    const claims = input
      .required("claims")
      .objects("claims")
      .map((claim) => {
        const kindName = claim.textOr("kind", "ordinary");
        const kind = kindName === "ordinary" || kindName === "consumerLoan" ? CLAIM_KINDS[kindName] : null;
        return {
          id: claim.text("id"),
          costs: claim.amountOr("costs", 0n, code),
          interest: claim.amountOr("interest", 0n, code),
          principal: claim.amount("principal", code),
          due: claim.flag("due", true),
          securityRank: claim.number("securityRank", 1),
          burdenRank: claim.number("burdenRank", 1),
          arose: claim.date("arose"),
          kind: kind ?? claim.refuse("kind", "claim_kind_unknown", "Kinds of claims are ordinary and consumerLoan."),
        };
      });
    const ids = input
      .list("debtorDesignation")
      .map((id) =>
        typeof id === "string" ? id : input.refuse("debtorDesignation", "text_expected", "A designation lists ids."),
      );
    const order = input.textOr("order", "statutory");
    if (order !== "statutory" && order !== "principal_first")
      return input.refuse("order", "order_unknown", "Orders are statutory and principal_first.");
    const designation = input.has("debtorDesignation") ? { ids } : null;
    const result = expectOk(allocate(claims, input.amount("payment", code), designation, order));
    const part = (one: { id: string; costs: bigint; interest: bigint; principal: bigint }) => ({
      id: one.id,
      costs: text(one.costs),
      interest: text(one.interest),
      principal: text(one.principal),
    });
    return {
      allocations: result.allocated.map(part),
      open: result.open.map(part),
      overpayment: text(result.overpayment),
    };
  });
}
