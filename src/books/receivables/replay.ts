/**
 * Where money goes, as a pure function of what was claimed and of the bookings in the order of their value dates.
 * A payment with an earlier value date takes its place in that order and the later ones are allocated anew, so the
 * order in which payments arrive doesn't matter.
 */
import {
  addDays,
  expectOk,
  maxDate,
  minMinor,
  type PlainDate,
  type ReceivableId,
  type Uuid,
} from "../../pure/kernel/index.ts";
import { type AllocationOrder, allocate, type Charge as LawCharge, type OpenClaim } from "../../pure/law/index.ts";
import type { Component, Concession, OpenAmounts, PayableItem, Posting, PostingKind } from "./model.ts";
import { COMPONENTS } from "./model.ts";
import { accruedInterest, kindOf } from "./paying/interest.ts";

/**
 * When default interest is part of what is owed: `always` from the first day of default, `when_claimed` only on items
 * whose interest a message has claimed before (who pays what was asked is done), `never`.
 */
export type InterestMode = "always" | "when_claimed" | "never";

export interface Rules {
  readonly interest: InterestMode;
  readonly order: AllocationOrder;
}

/** One booking as it takes part in the order. */
export interface BookingEvent {
  readonly bookingId: Uuid;
  readonly kind: "payment" | "return" | "settlement";
  readonly amountMinor: bigint;
  readonly valueOn: PlainDate;
  readonly designated: readonly ReceivableId[];
  readonly returns?: Uuid;
  readonly concessions?: readonly Concession[];
}

/** A posting without what only the store knows. */
export interface Movement {
  readonly receivableId: ReceivableId;
  readonly kind: PostingKind;
  readonly component: Component;
  readonly amountMinor: bigint;
  readonly valueOn: PlainDate;
  readonly ground?: string;
  /** Of a transfer between merged files: what it carries on. */
  readonly movedKind?: PostingKind;
}

export interface Account {
  readonly items: readonly PayableItem[];
  /** The item that takes what no other item takes; may be new and without postings. */
  readonly onAccountId: ReceivableId;
  readonly rules: Rules;
}

const KIND_RANK = { payment: 0, return: 1, settlement: 2 } as const;

/**
 * The order of bookings: value date; then payments, returns, settlements; of payments first those the customer
 * designated. What is still alike is ordered by content, never by arrival.
 */
export function compareEvents(a: BookingEvent, b: BookingEvent): number {
  const key = (event: BookingEvent): string =>
    [
      event.valueOn,
      KIND_RANK[event.kind],
      event.designated.length > 0 ? 0 : 1,
      (10n ** 18n - event.amountMinor).toString().padStart(20, "0"),
      event.designated.join(","),
      event.bookingId,
    ].join("|");
  const [first, second] = [key(a), key(b)];
  return first < second ? -1 : first > second ? 1 : 0;
}

/** Open amounts and history of the items while bookings are played. */
export class Play {
  private readonly account: Account;
  private readonly history = new Map<ReceivableId, Movement[]>();
  private readonly moved = new Map<Uuid, Movement[]>();

  /** `movements`: all that stands before the first booking played, in any order. */
  constructor(account: Account, movements: readonly Movement[], moved: ReadonlyMap<Uuid, readonly Movement[]>) {
    this.account = account;
    for (const item of account.items) this.history.set(item.receivableId, []);
    if (!this.history.has(account.onAccountId)) this.history.set(account.onAccountId, []);
    for (const movement of movements) this.history.get(movement.receivableId)?.push(movement);
    for (const [bookingId, list] of moved) this.moved.set(bookingId, [...list]);
  }

  /** Movements of one booking, applied to the state. */
  play(event: BookingEvent): Movement[] {
    const movements =
      event.kind === "payment"
        ? this.payment(event)
        : event.kind === "return"
          ? this.return(event)
          : this.settle(event);
    this.moved.set(event.bookingId, movements);
    return movements;
  }

  private apply(movement: Movement): Movement {
    this.history.get(movement.receivableId)?.push(movement);
    return movement;
  }

  /** Charges with a later value date did not exist yet; claims, credit notes and write-offs count whenever they came. */
  private openOn(id: ReceivableId, day: PlainDate): OpenAmounts {
    const open = { principal: 0n, interest: 0n, dunning_cost: 0n, collection_cost: 0n };
    for (const movement of this.history.get(id) ?? []) {
      const charge = kindOf(movement) === "interest" || kindOf(movement) === "cost";
      if (!charge || movement.valueOn <= day) open[movement.component] += movement.amountMinor;
    }
    return open;
  }

  private claims(day: PlainDate, designated: readonly ReceivableId[]) {
    const claims: { claim: OpenClaim; open: OpenAmounts; accrued: LawCharge | undefined }[] = [];
    // Designated to the account: what the named items don't take rests there, no other item is paid.
    const rests = designated.includes(this.account.onAccountId);
    const before = addDays(day, -1);
    for (const item of this.account.items) {
      if (item.itemKind !== "invoice") continue;
      if (rests && !designated.includes(item.receivableId)) continue;
      // What was assigned to a third party is no longer ours to take undesignated money for.
      if (item.assignedOn !== undefined && item.assignedOn <= day && !designated.includes(item.receivableId)) continue;
      const open = this.openOn(item.receivableId, day);
      const accrued = accruedInterest(item, this.history.get(item.receivableId) ?? [], before, this.account.rules);
      const claim: OpenClaim = {
        id: item.receivableId,
        costs: positive(open.dunning_cost) + positive(open.collection_cost),
        interest: positive(open.interest) + (accrued?.sum ?? 0n),
        principal: positive(open.principal),
        due: item.dueOn <= day,
        securityRank: 0,
        burdenRank: item.defaultSince !== undefined && item.defaultSince <= day ? 1 : 0,
        arose: item.aroseOn,
        kind: item.claimKind === "consumer_loan" && item.defaultSince !== undefined ? "consumer_loan" : "ordinary",
      };
      if (claim.costs + claim.interest + claim.principal > 0n) claims.push({ claim, open, accrued });
    }
    return claims;
  }

  /** Spreads an amount over the open items (§§ 366, 367 BGB) by movements of a kind; returns what is left. */
  private spread(event: BookingEvent, amount: bigint, kind: PostingKind): { movements: Movement[]; left: bigint } {
    const claims = this.claims(event.valueOn, event.designated);
    const designation = event.designated.length > 0 ? { ids: event.designated } : null;
    const result = expectOk(
      allocate(
        claims.map(({ claim }) => claim),
        amount,
        designation,
        this.account.rules.order,
      ),
    );
    const movements: Movement[] = [];
    result.allocated.forEach((part, index) => {
      const candidate = claims[index];
      if (!candidate || part.costs + part.interest + part.principal === 0n) return;
      const base = { receivableId: part.id as ReceivableId, valueOn: event.valueOn };
      const { accrued } = candidate;
      if (accrued && accrued.sum > 0n)
        movements.push(
          this.apply({
            ...base,
            kind: "interest",
            component: "interest",
            amountMinor: accrued.sum,
            ground: accrued.law,
          }),
        );
      const dunning = minMinor(part.costs, positive(candidate.open.dunning_cost));
      const paid: OpenAmounts = {
        dunning_cost: dunning,
        collection_cost: part.costs - dunning,
        interest: part.interest,
        principal: part.principal,
      };
      for (const component of COMPONENTS)
        if (paid[component] > 0n)
          movements.push(
            this.apply({
              ...base,
              kind,
              component,
              amountMinor: -paid[component],
              ...(part.law === null ? {} : { ground: part.law }),
            }),
          );
    });
    return { movements, left: result.overpayment };
  }

  private payment(event: BookingEvent): Movement[] {
    const conceded = this.concede(event);
    const { movements, left } = this.spread(event, event.amountMinor, "payment");
    movements.unshift(...conceded);
    if (left > 0n)
      movements.push(
        this.apply({
          receivableId: this.account.onAccountId,
          kind: "payment",
          component: "principal",
          amountMinor: -left,
          valueOn: event.valueOn,
        }),
      );
    return movements;
  }

  /**
   * Gives what is missing, where the payment and its concessions together settle all it names; else nothing. A payment
   * that finds more or less owed than when it was booked is thus judged anew each time it is played.
   */
  private concede(event: BookingEvent): Movement[] {
    const { concessions = [], designated, valueOn } = event;
    if (concessions.length === 0) return [];
    const claims = this.claims(valueOn, designated).filter(({ claim }) =>
      designated.includes(claim.id as ReceivableId),
    );
    const given = concessions.map((concession) => ({
      ...concession,
      minor: minMinor(
        concession.minor,
        claims.find(({ claim }) => claim.id === concession.receivableId)?.claim.principal ?? 0n,
      ),
    }));
    let missing =
      claims.reduce((sum, { claim }) => sum + claim.costs + claim.interest + claim.principal, 0n) - event.amountMinor;
    if (missing <= 0n || missing > given.reduce((sum, { minor }) => sum + minor, 0n)) return [];
    const movements: Movement[] = [];
    for (const { receivableId, kind, minor, ground } of given) {
      const share = minMinor(missing, minor);
      if (share === 0n) continue;
      missing -= share;
      movements.push(this.apply({ receivableId, kind, component: "principal", amountMinor: -share, valueOn, ground }));
    }
    return movements;
  }

  private return(event: BookingEvent): Movement[] {
    const movements: Movement[] = [];
    for (const paid of (event.returns && this.moved.get(event.returns)) || []) {
      // What was given for the payment goes back with it, as what it was.
      const given = paid.kind === "discount" || paid.kind === "write_off";
      if (paid.kind !== "payment" && !given) continue;
      const valueOn = maxDate(event.valueOn, paid.valueOn);
      movements.push(
        this.apply({
          receivableId: paid.receivableId,
          kind: given ? paid.kind : "return",
          ...(given && { ground: "payment_returned" }),
          component: paid.component,
          amountMinor: -paid.amountMinor,
          valueOn,
        }),
      );
    }
    // Money on account that meanwhile settled an item is missing there now: the item is open again, not the account.
    let missing = this.openOn(this.account.onAccountId, event.valueOn).principal;
    const settled = [...this.moved.values()].flat().filter((move) => move.kind === "transfer" && move.amountMinor < 0n);
    for (const move of settled.reverse()) {
      if (missing <= 0n) break;
      const back = minMinor(missing, -move.amountMinor);
      missing -= back;
      const base = { kind: "transfer", valueOn: event.valueOn } as const;
      movements.push(
        this.apply({ ...base, receivableId: move.receivableId, component: move.component, amountMinor: back }),
        this.apply({ ...base, receivableId: this.account.onAccountId, component: "principal", amountMinor: -back }),
      );
    }
    return movements;
  }

  /** Nets credit notes and money on account against open items: pairs of transfers whose sum is nothing. */
  private settle(event: BookingEvent): Movement[] {
    // Credit notes first, by age; money on account last.
    const sources = [...this.history.keys()]
      .map((id) => ({ id, item: this.account.items.find((item) => item.receivableId === id) }))
      .map(({ id, item }) => ({
        id,
        age: id === this.account.onAccountId ? "9999" : `${item?.aroseOn ?? ""} ${item?.number ?? ""}`,
        credit: -this.openOn(id, event.valueOn).principal,
      }))
      .filter(({ credit }) => credit > 0n)
      .sort((a, b) => (a.age < b.age ? -1 : 1));
    const available = sources.reduce((sum, { credit }) => sum + credit, 0n);
    if (available === 0n) return [];
    const { movements, left } = this.spread(event, available, "transfer");
    let used = available - left;
    for (const { id, credit } of sources) {
      const amount = minMinor(used, credit);
      if (amount === 0n) continue;
      used -= amount;
      movements.push(
        this.apply({
          receivableId: id,
          kind: "transfer",
          component: "principal",
          amountMinor: amount,
          valueOn: event.valueOn,
        }),
      );
    }
    return movements;
  }
}

const positive = (amount: bigint): bigint => (amount > 0n ? amount : 0n);

/** Whether two lists of movements do the same, in any order. */
export function sameMovements(a: readonly Movement[], b: readonly Movement[]): boolean {
  const keys = (list: readonly Movement[]): string =>
    list
      .map((m) => [m.receivableId, m.kind, m.component, m.amountMinor, m.valueOn].join("|"))
      .sort()
      .join("\n");
  return a.length === b.length && keys(a) === keys(b);
}

/** Postings that neither were reversed nor reverse another. */
export function standing(postings: readonly Posting[]): Posting[] {
  const reversed = new Set(postings.flatMap((posting) => (posting.reverses ? [posting.reverses] : [])));
  return postings.filter((posting) => posting.reverses === undefined && !reversed.has(posting.postingId));
}
