/**
 * `kulanz law limitation|costs|garnishment`: one JSON element in, what stands under `expected` out.
 * The field names are those of the contract; amounts are decimal strings.
 */
import { decimal, EUR, expectOk, formatMinor, type PlainDate } from "../../../kernel/index.ts";
import {
  type CollectionQuestion, collectionCosts, courtDunningCosts, courtDunningFee, type FeeRate, instalmentPlanCosts,
} from "../costs.ts"; // biome-ignore format: one line
import { dunningFees, lumpSums } from "../fees.ts";
import { garnishment, type PaySpan } from "../garnishment.ts";
import { courtDunningSuspension, limitation, type LimitationFacts, type Suspension } from "../limitation.ts";
import { answering, type Reader } from "./reading.ts";

const euros = (minor: bigint): string => formatMinor(minor, EUR);

function suspensionOf(reader: Reader): Suspension {
  const kindName = reader.textOr("kind", "other");
  if (kindName === "courtDunning" && !reader.has("from")) {
    const filed = reader.date("filed");
    const served = reader.dateOr("served", filed);
    const { kind, from, to } = courtDunningSuspension(filed, served, reader.dateOr("lastAct", served));
    return { kind, from, to: reader.dateOr("to", to) };
  }
  const from = reader.date("from");
  if (kindName === "courtDunning") {
    const acted = reader.dateOr("lastAct", null);
    const to = acted === null || reader.has("to") ? reader.date("to") : courtDunningSuspension(from, from, acted).to;
    return { kind: "court_dunning", from, to };
  }
  return { kind: kindName === "negotiation" ? "negotiation" : "other", from, to: reader.date("to") };
}

function limitationFacts(input: Reader): LimitationFacts {
  const kind = input.textOr("kind", "regular");
  if (kind === "interestAfterTitle")
    return { kind: "interest_after_title", accrualYear: yearFrom(input, "accrualYear") };
  const suspensions = input.objects("suspensions").map(suspensionOf);
  const restarts: PlainDate[] = input.objects("restarts").map((restart) => restart.date("date"));
  if (kind === "titled") return { kind: "titled", final: input.date("titleFinal"), suspensions, restarts };
  if (kind !== "regular")
    return input.refuse("kind", "limitation_kind_unknown", "Kinds are regular, titled and interestAfterTitle.");
  const arose = input.date("claimArose");
  // A creditor who says nothing of it knew the claim when it arose; null says: not known yet.
  const knowledge = input.raw("knowledge") === undefined ? arose : input.dateOr("knowledge", null);
  return { kind: "regular", arose, knowledge, suspensions, restarts };
}

function yearFrom(input: Reader, name: string): number {
  const year = input.count(name);
  return year >= 1900 && year < 2900 ? year : input.refuse(name, "year_invalid", `"${name}" is not a year.`);
}

/** When a claim becomes time-barred (§§ 195 to 217 BGB). */
export function answerLimitation(element: unknown) {
  return answering(element, (input) => {
    const { nominalEnd, lastDayToFile } = expectOk(limitation(limitationFacts(input)));
    return { nominalEnd, lastDayToFile };
  });
}

/** `0.9` as 90 hundredths. */
function feeRate(input: Reader, name: string, or?: string): FeeRate {
  const read = decimal(or === undefined ? input.text(name) : input.textOr(name, or));
  return read.ok && read.value.scale <= 2
    ? read.value.digits * 10n ** BigInt(2 - read.value.scale)
    : input.refuse(name, "fee_rate_invalid", "A fee rate is a decimal with at most two places: 0.5, 0.9, 1.3.");
}

const collection = (input: Reader, rate: FeeRate): CollectionQuestion => ({
  claim: input.amount("claim"),
  rate,
  mandateOn: input.date("mandateDate"),
  creditorDeductsInputTax: input.flag("creditorDeductsInputTax", true),
  undisputed: input.flag("undisputed", true),
});

const COSTS = {
  collection_2300: (input: Reader) => {
    const costs = expectOk(collectionCosts(collection(input, feeRate(input, "rate"))));
    return {
      vv2300: euros(costs.vv2300),
      vv7002: euros(costs.vv7002),
      net: euros(costs.net),
      vat: euros(costs.vat),
      total: euros(costs.total),
    };
  },
  collection_with_instalment_plan: (input: Reader) => {
    const costs = expectOk(instalmentPlanCosts(collection(input, feeRate(input, "rate2300"))));
    return {
      vv2300: euros(costs.vv2300),
      vv1000_2: euros(costs.vv1000),
      valueForVV1000: euros(costs.vv1000Value),
      vv7002: euros(costs.vv7002),
      net: euros(costs.net),
      vat: euros(costs.vat),
      total: euros(costs.total),
    };
  },
  gkg_1100: (input: Reader) => ({
    courtFee: euros(expectOk(courtDunningFee(input.amount("claim"), input.date("filingDate"))).sum),
  }),
  court_dunning_with_representative: (input: Reader) => {
    const credit = input.flag("crediting2300", false);
    const costs = expectOk(
      courtDunningCosts({
        claim: input.amount("claim"),
        on: input.date("date"),
        creditorDeductsInputTax: input.flag("creditorDeductsInputTax", true),
        enforcementOrder: input.flag("withVollstreckungsbescheid", false),
        creditedCollection: credit
          ? { rate: feeRate(input, "rate2300", "0.9"), undisputed: input.flag("undisputed", true) }
          : null,
      }),
    );
    return {
      vv3305: euros(costs.vv3305),
      vv3308: euros(costs.vv3308),
      ...(credit ? { credited2300: euros(costs.credited) } : {}),
      vv7002: euros(costs.vv7002),
      net: euros(costs.net),
      vat: euros(costs.vat),
      courtFee: euros(costs.courtFee),
      total: euros(costs.total),
    };
  },
  own_dunning: (input: Reader) => {
    const notices = input
      .required("notices")
      .objects("notices")
      .map((notice) => ({ channel: notice.text("channel"), inDefaultBefore: notice.flag("inDefaultBefore", false) }));
    const fees = expectOk(dunningFees(notices, input.amountOr("costPerLetter", 0n)));
    return { chargeable: fees.sums.map(euros), total: euros(fees.total) };
  },
  flat40: (input: Reader) => {
    const kind = input.flag("debtorConsumer", true) ? "consumer" : "business";
    const result = expectOk(lumpSums(kind, input.count("invoicesInDefault"), input.amountOr("legalCosts", 0n)));
    return {
      flat: euros(result.lumpSum),
      additionalLegalCosts: euros(result.furtherLegalCosts),
      total: euros(result.total),
    };
  },
} as const;

/** What pursuing a claim costs the customer (RVG, GKG, § 288 V BGB, own dunning fees). */
export function answerCosts(element: unknown) {
  return answering(element, (input) => {
    const kind = input.text("kind");
    const answer = Object.entries(COSTS).find(([name]) => name === kind)?.[1];
    return answer
      ? answer(input)
      : input.refuse("kind", "cost_kind_unknown", `Kinds of costs are ${Object.keys(COSTS).join(", ")}.`);
  });
}

/** Garnishable part of net pay (§ 850c ZPO). */
export function answerGarnishment(element: unknown) {
  return answering(element, (input) => {
    const spans = { netMonthly: "monthly", netWeekly: "weekly", netDaily: "daily" } as const;
    const field = input.has("netWeekly") ? "netWeekly" : input.has("netDaily") ? "netDaily" : "netMonthly";
    const span: PaySpan = spans[field];
    const dependants = input.has("dependants") ? input.count("dependants") : 0;
    const result = expectOk(garnishment(input.amount(field), dependants, input.date("period"), span));
    return { garnishable: euros(result.garnishable) };
  });
}
