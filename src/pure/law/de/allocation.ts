/**
 * What a payment (or a set-off, § 396 BGB) pays: §§ 366, 367, 497 III BGB.
 * Between claims § 366, inside each claim § 367, for a consumer loan in default § 497 III 1.
 * Amounts are minor units of one currency.
 */
import { type Failure, fail, minMinor, ok, type PlainDate, type Result } from "../../kernel/index.ts";

/** Open amounts by component, minor units, none negative. */
export interface Components {
  readonly costs: bigint;
  readonly interest: bigint;
  readonly principal: bigint;
}

export interface OpenClaim extends Components {
  readonly id: string;
  readonly due: boolean;
  /** Lower is less secure and paid first. A claim that becomes time-barred earlier is less secure, too. */
  readonly securityRank: number;
  /** Higher burdens the customer more (interest running, title, costs) and is paid first. */
  readonly burdenRank: number;
  /** Day the claim arose: older first. */
  readonly arose: PlainDate;
  /** `consumer_loan`: a consumer loan in default (§ 497 III BGB). */
  readonly kind: "ordinary" | "consumer_loan";
}

/** § 366 I BGB: what the customer says the payment is for (remittance text, structured reference, portal). */
export interface Designation {
  /** Claims in the order named. Ids that are not open are passed over. */
  readonly ids: readonly string[];
  /** § 367 II BGB: principal before costs and interest on the claims named; who accepts the payment accepts this. */
  readonly principalFirst?: boolean;
}

/** Creditor's setting. `principal_first` renounces § 367 I for the customer's good: interest stops sooner. */
export type AllocationOrder = "statutory" | "principal_first";

export interface AllocatedClaim extends Components {
  readonly id: string;
  /** Why this claim got what it got: `§ 366 I, § 367 I BGB`. Null where it got nothing. */
  readonly law: string | null;
}

export interface Allocation {
  /** One element a claim, in the order of the claims given. */
  readonly allocated: readonly AllocatedClaim[];
  readonly open: readonly (Components & { readonly id: string })[];
  /** What no claim could take. */
  readonly overpayment: bigint;
}

export type AllocationFailure = Failure<"amount_negative" | "claim_repeated">;

const totalOf = (part: Components): bigint => part.costs + part.interest + part.principal;
const byNumber = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);

/** § 366 II BGB; 0 means: alike in every respect, so paid pro rata. */
function statutoryOrder(a: OpenClaim, b: OpenClaim): number {
  return (
    Number(b.due) - Number(a.due) ||
    byNumber(a.securityRank, b.securityRank) ||
    byNumber(b.burdenRank, a.burdenRank) ||
    (a.arose < b.arose ? -1 : a.arose > b.arose ? 1 : 0)
  );
}

const ORDERS = {
  costs_interest_principal: ["costs", "interest", "principal"],
  costs_principal_interest: ["costs", "principal", "interest"],
  principal_costs_interest: ["principal", "costs", "interest"],
} as const;

/**
 * Spreads an amount over the components of one claim; what is left over comes back as `rest`.
 * § 367 I: costs, interest, principal. § 497 III 1: costs, principal, interest.
 */
export function allocateWithin(
  open: Components,
  amount: bigint,
  order: keyof typeof ORDERS,
): { readonly paid: Components; readonly rest: bigint } {
  const paid = { costs: 0n, interest: 0n, principal: 0n };
  let rest = amount;
  for (const component of ORDERS[order]) {
    paid[component] = minMinor(open[component], rest);
    rest -= paid[component];
  }
  return { paid, rest };
}

/** `amount` over `sizes` pro rata, to the cent: floors first, the cents left over to the largest remainders, earlier first. */
function proRata(amount: bigint, sizes: readonly bigint[]): bigint[] {
  const total = sizes.reduce((sum, size) => sum + size, 0n);
  const shares = sizes.map((size) => (amount * size) / total);
  let left = amount - shares.reduce((sum, share) => sum + share, 0n);
  const remainders = sizes.map((size, index) => ({ index, remainder: (amount * size) % total }));
  remainders.sort((a, b) => (a.remainder > b.remainder ? -1 : a.remainder < b.remainder ? 1 : a.index - b.index));
  for (const { index } of remainders) {
    if (left === 0n) break;
    shares[index] = (shares[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return shares;
}

/**
 * Allocates a payment over claims of one customer, creditor and currency.
 * First what the customer designates (§ 366 I), in the order named; the rest by § 366 II: due, less secured,
 * more burdensome, older, pro rata. Never more than is open; the sum of all parts is the payment.
 * Errors: `amount_negative`, `claim_repeated`.
 */
export function allocate(
  claims: readonly OpenClaim[],
  payment: bigint,
  designation: Designation | null,
  order: AllocationOrder,
): Result<Allocation, AllocationFailure> {
  if (payment < 0n) return fail("invalid", "amount_negative", "A payment can't be negative.", "payment");
  const states = new Map<string, { claim: OpenClaim; paid: Components; law: string | null }>();
  for (const claim of claims) {
    if (claim.costs < 0n || claim.interest < 0n || claim.principal < 0n)
      return fail("invalid", "amount_negative", "An open component of a claim can't be negative.", "claims");
    if (states.has(claim.id)) return fail("invalid", "claim_repeated", "The same claim is given twice.", "claims");
    states.set(claim.id, { claim, paid: { costs: 0n, interest: 0n, principal: 0n }, law: null });
  }

  let left = payment;
  const pay = (id: string, amount: bigint, between: "§ 366 I" | "§ 366 II", principalFirst: boolean): void => {
    const state = states.get(id);
    if (!state || amount === 0n) return;
    const loan = state.claim.kind === "consumer_loan";
    const within = principalFirst
      ? "principal_costs_interest"
      : loan
        ? "costs_principal_interest"
        : "costs_interest_principal";
    const { paid, rest } = allocateWithin(state.claim, amount, within);
    left -= amount - rest;
    const inside = !principalFirst
      ? loan
        ? "§ 497 III 1"
        : "§ 367 I"
      : between === "§ 366 I"
        ? "§ 367 II"
        : "§ 367 I waived";
    state.paid = paid;
    state.law = claims.length > 1 || between === "§ 366 I" ? `${between}, ${inside} BGB` : `${inside} BGB`;
  };

  const named = new Set(designation?.ids ?? []);
  const principalFirst = order === "principal_first";
  for (const id of named) pay(id, left, "§ 366 I", principalFirst || designation?.principalFirst === true);

  const others = claims.filter((claim) => !named.has(claim.id) && totalOf(claim) > 0n).sort(statutoryOrder);
  for (let start = 0; start < others.length && left > 0n; ) {
    const first = others[start];
    let end = start + 1;
    for (let next = others[end]; first && next && statutoryOrder(first, next) === 0; next = others[end]) end += 1;
    const alike = others.slice(start, end);
    const sizes = alike.map(totalOf);
    const shares = proRata(
      minMinor(
        left,
        sizes.reduce((sum, size) => sum + size, 0n),
      ),
      sizes,
    );
    const forAll = designation !== null && designation.ids.length === 0 && designation.principalFirst === true;
    alike.forEach((claim, index) => {
      pay(claim.id, shares[index] ?? 0n, "§ 366 II", principalFirst || forAll);
    });
    start = end;
  }

  const all = [...states.values()];
  return ok({
    allocated: all.map(({ claim, paid, law }) => ({ id: claim.id, ...paid, law })),
    open: all.map(({ claim, paid }) => ({
      id: claim.id,
      costs: claim.costs - paid.costs,
      interest: claim.interest - paid.interest,
      principal: claim.principal - paid.principal,
    })),
    overpayment: left,
  });
}
