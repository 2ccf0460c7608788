/** Taking statements in: streamed, sealed, each entry once. */
import { hash } from "node:crypto";
import {
  type CreditorId,
  deterministicUuid,
  type Failure,
  FailureError,
  fail,
  plainDate,
  type PlainDate,
  type Result,
  type Uuid,
} from "../../pure/kernel/index.ts";
import {
  negateDecimal,
  type ReadWarning,
  type StatementEvent,
  type StatementHeader,
  type StatementTotals,
} from "../../pure/formats/index.ts";
import type { Act } from "../../platform/access/index.ts";
import type { KeySeal } from "../../platform/sealed/index.ts";
import { canonicalAccount } from "./account.ts";
import { keepAnnounced, type NewAnnouncement, settleAnnounced } from "./announced/store.ts";
import { KnownEntries, lockAccount, type Recognisable, replaceTotals } from "./known.ts";
import {
  announcedIn,
  type DraftEntry,
  draftsOf,
  fingerprintOf,
  identityOf,
  minorOrNull,
  movementOf,
  PAYMENT_KIND,
  sha256Of,
} from "./model.ts";
import { sealWith } from "./payloads.ts";
import { refundReferenceIn } from "./refunds/model.ts";
import { type RefundMoved, settleRefunds } from "./refunds/paying.ts";
import { evidenceOf } from "./sameness.ts";
import { endStatement, insertEntries, type NewEntry, takeStatement } from "./store.ts";

/** Rows of one insert: larger ones gain nothing and hold more memory. */
const BATCH = 500;

export interface StatementsTaken {
  readonly statements: number;
  readonly newStatements: number;
  readonly newEntries: number;
  readonly knownEntries: number;
  /** Where in this file known entries stand, up to some thousands: they keep the place of the file that brought them. */
  readonly known: readonly KnownEntry[];
  readonly warnings: readonly ReadWarning[];
}

/** Position in the file (entry, transaction) and the entry that stands there. */
export type KnownEntry = readonly [entryNumber: number, transactionNumber: number, entryId: Uuid];
const KNOWN_MAX = 10_000;

export interface StatementFile {
  readonly fingerprint: Buffer;
  /** Whose account it is; asked once an account. Failures are the caller's, e.g. `account_unknown`. */
  readonly creditorOf: (account: string) => Promise<Result<CreditorId>>;
  /** For files that don't name their account. */
  readonly account?: string;
}

/** A debit that may be a refund of ours, or the credit by which one came back. */
const refundMoved = ({ refundReference, fingerprint, direction, amountMinor, bookedOn }: Pending): RefundMoved[] =>
  refundReference === null
    ? []
    : [{ fingerprint, endToEndId: refundReference, amountMinor, paid: direction === "debit", on: bookedOn }];

/**
 * An entry that is read, before it is known whether it is new. It is kept without its payload, which is sealed already:
 * what waits for the database is what a large statement needs memory for.
 */
interface Pending extends Recognisable, Omit<NewEntry, "batchKey"> {
  readonly identity: string;
  /** End-to-end id of a booking that may pay a refund of ours, or bring one back. */
  readonly refundReference: string | null;
}

/** Of one movement (account, amount, direction, currency): what its evidence is keyed with, and its own key. */
interface Secret {
  readonly secret: string;
  readonly key: Buffer;
}

interface Running {
  readonly header: StatementHeader;
  readonly account: string;
  readonly fingerprint: Buffer;
  readonly creditorId: CreditorId;
  readonly seal: KeySeal;
  readonly fresh: boolean;
  readonly fallbackDate: PlainDate | null;
  readonly occurrences: Map<string, number>;
  readonly others: KnownEntries;
  readonly firstEntry: number;
  announced: NewAnnouncement[];
  pending: Pending[];
  /** The batch the database is writing while the next one is read: the two take about equally long. */
  inFlight: Promise<void>;
  stored: number;
  taken: number;
}

/**
 * Stores a stream of statement events in the caller's transaction. Statements and entries that are known stay as they
 * are, so overlapping statements don't double. What the reader can't book (too many decimals, no date) is left out
 * with a warning. Throws `FailureError` on a `failed` event and on an unknown account: the transaction must roll back.
 */
export async function storeStatements(
  act: Act,
  file: StatementFile,
  events: AsyncIterable<StatementEvent> | Iterable<StatementEvent>,
): Promise<StatementsTaken> {
  const tenantSeal = await act.vault.forTenant(act.tx);
  const creditors = new Map<string, { account: string; creditorId: CreditorId }>();
  const warnings = new Map<string, ReadWarning>();
  const counts = { statements: 0, newStatements: 0, newEntries: 0, knownEntries: 0 };
  const known: KnownEntry[] = [];
  let running: Running | undefined;
  let entryNumber = 0;
  let kind: string | null = null;
  const secrets = new Map<string, Secret>();

  /** The account under one name, however a file writes it, and whose it is. */
  const owned = async (
    named: string | null,
    foreign: boolean,
  ): Promise<{ account: string; creditorId: CreditorId }> => {
    const written = named ?? "";
    const known = creditors.get(written);
    if (known) return known;
    // A number of another kind is the IBAN it is part of, when a creditor has that, or what the person said.
    const names = [...(foreign ? [canonicalAccount(written), file.account] : []), written].filter((name) => !!name);
    let refused: Failure | undefined;
    for (const account of names as string[]) {
      const found = await file.creditorOf(account);
      if (found.ok) {
        await lockAccount(act, account);
        const taken = { account, creditorId: found.value };
        creditors.set(written, taken);
        return taken;
      }
      refused = found.error;
    }
    throw new FailureError(refused ?? fail("invalid", "account_missing", "The statement names no account.").error);
  };

  const begin = async (header: StatementHeader): Promise<Running> => {
    const named = header.account.iban ?? header.account.other;
    if (named === null && !file.account)
      throw new FailureError(
        fail("invalid", "account_missing", "The statement does not say of which account it is; name it (--account).")
          .error,
      );
    const { account, creditorId } = await owned(named, header.account.iban === null);
    const distinct = header.id !== null || header.sequence !== null || header.balances.length > 0;
    const opening = header.balances.find(({ code }) => /^(OPBD|PRCD|OPAV)$/.test(code));
    const fingerprint = sha256Of(
      act.tx.tenantId,
      JSON.stringify([
        account,
        header.currency,
        header.id,
        header.sequence,
        opening?.date ?? null,
        opening ? `${opening.credit}${opening.amount.digits}e${opening.amount.scale}` : null,
        distinct ? null : [file.fingerprint.toString("hex"), header.index],
      ]),
    ); // prettier-ignore
    const fresh = act.vault.newStatementKey();
    const key = await takeStatement(act, {
      fingerprint,
      fileFingerprint: file.fingerprint,
      creditorId,
      account,
      number: header.sequence ?? header.id,
      currency: header.currency ?? "EUR",
      kind,
      ...fresh,
    });
    const openingMinor =
      opening &&
      minorOrNull(opening.credit ? opening.amount : negateDecimal(opening.amount), header.currency ?? opening.currency);
    const dated = header.balances.find(({ date }) => date !== null)?.date ?? null;
    const created = header.createdAt === null ? undefined : plainDate(header.createdAt.slice(0, 10));
    return {
      header,
      account,
      fingerprint,
      creditorId,
      seal: sealWith(act, key),
      fresh: key.fresh,
      fallbackDate: dated ?? (created?.ok ? created.value : null),
      occurrences: new Map(),
      others: new KnownEntries(act, {
        kind,
        openingMinor: openingMinor ?? null,
        account,
        statement: fingerprint,
        fileFingerprint: file.fingerprint,
        firstEntry: entryNumber + 1,
      }),
      firstEntry: entryNumber + 1,
      announced: [],
      pending: [],
      inFlight: Promise.resolve(),
      stored: 0,
      taken: 0,
    }; // prettier-ignore
  };

  const flush = async (statement: Running): Promise<void> => {
    const { pending } = statement;
    statement.pending = [];
    const place = {
      fingerprint: statement.fingerprint,
      fileFingerprint: file.fingerprint,
      creditorId: statement.creditorId,
    };
    const recognised = await statement.others.recognise(pending);
    await replaceTotals(act, recognised.replaced);
    await insertNew(statement, place, recognised.fresh);
    await settleRefunds(act, recognised.fresh.flatMap(refundMoved));
    statement.stored += recognised.fresh.length;
    counts.newEntries += recognised.fresh.length;
    counts.knownEntries += recognised.known.length;
    for (const [{ entryNumber: at, transactionNumber }, entryId] of recognised.known)
      if (known.length < KNOWN_MAX) known.push([at, transactionNumber, entryId]);
    if (recognised.bookedWhole > 0)
      warnings.set(`batch ${statement.header.index}`, {
        code: "batch_booked_whole",
        message: `Statement ${statement.header.index}: the details of a batch came after its total was booked; they were left out. Undo that match and import the file of the details again.`,
      });
  };

  /** A fingerprint that is taken belongs to another, equal booking: this one counts as the next of its kind. */
  const insertNew = async (
    statement: Running,
    place: Parameters<typeof insertEntries>[1],
    fresh: readonly Pending[],
  ): Promise<void> => {
    let left: readonly Pending[] = fresh;
    for (let round = 0; left.length > 0; round += 1) {
      if (round > 1_000) throw new Error("no free fingerprint for an entry");
      const stored = await insertEntries(act, place, left);
      left = left
        .filter(({ entryId }) => !stored.has(entryId))
        .map((entry) => ({ ...entry, ...numbered(statement, entry.identity) }));
    }
  };

  const numbered = (statement: Running, identity: string): Pick<NewEntry, "fingerprint" | "entryId"> => {
    const occurrence = (statement.occurrences.get(identity) ?? 0) + 1;
    statement.occurrences.set(identity, occurrence);
    const hex = fingerprintOf(act.tx.tenantId, statement.account, identity, String(occurrence));
    return { fingerprint: Buffer.from(hex, "hex"), entryId: deterministicUuid("bank_entry", hex) };
  };

  /** Keyed, so that nobody can guess an amount or a payer from what is stored. */
  const secretOf = (account: string, minor: bigint, currency: string): Secret => {
    const short = `${minor}${currency}${account}`;
    let known = secrets.get(short);
    if (known === undefined) {
      if (secrets.size > 5_000) secrets.clear();
      const secret = tenantSeal.lookupToken("bank_entry", movementOf(account, minor, currency)).toString("hex");
      known = { secret, key: Buffer.from(hash("sha256", `key${secret}`, "hex").slice(0, 32), "hex") };
      secrets.set(short, known);
    }
    return known;
  };

  const flushBeside = async (statement: Running): Promise<void> => {
    await statement.inFlight;
    statement.inFlight = flush(statement);
    // Awaited with the next batch or the end; if neither comes because reading failed, the transaction rolls back anyway.
    statement.inFlight.catch(() => {});
  };

  const add = (statement: Running, draft: DraftEntry): void => {
    const signed = draft.direction === "credit" ? draft.amountMinor : -draft.amountMinor;
    const { secret, key } = secretOf(statement.account, signed, draft.currency);
    const identity = hash("sha256", `${secret}${identityOf(statement.account, draft)}`, "base64").slice(0, 24);
    statement.taken += 1;
    const { direction, isReturn, amountMinor, currency, bookedOn, valueOn, batchMinor, payload } = draft;
    const place = numbered(statement, identity);
    // Named one by one: spreading costs more than the hashes.
    statement.pending.push({
      entryNumber: draft.entryNumber,
      transactionNumber: draft.transactionNumber,
      amountMinor,
      currency,
      direction,
      isReturn,
      bookedOn,
      valueOn,
      batchMinor,
      refundReference: refundReferenceIn(payload),
      identity,
      fingerprint: place.fingerprint,
      entryId: place.entryId,
      dayKey: key,
      batchKey: batchMinor === null ? null : secretOf(statement.account, batchMinor, currency).key,
      evidence: evidenceOf(secret, draft),
      sealed: statement.seal.seal(PAYMENT_KIND, JSON.stringify(payload)),
    });
  };

  const announce = (statement: Running, draft: DraftEntry): void => {
    const { secret, key: dayKey } = secretOf(statement.account, draft.amountMinor, draft.currency);
    const { fingerprint, creditorId, seal } = statement;
    const sealed = seal.seal(PAYMENT_KIND, JSON.stringify(draft.payload));
    const told = { dayKey, evidence: evidenceOf(secret, draft), on: draft.valueOn, kind };
    statement.announced.push({ ...draft, ...told, statement: fingerprint, creditorId, sealed });
  };

  const flushAnnounced = async (statement: Running): Promise<void> => {
    const { announced, firstEntry } = statement;
    statement.announced = [];
    await statement.inFlight;
    await keepAnnounced(act, { fileFingerprint: file.fingerprint, firstEntry }, announced);
  };

  const end = async (statement: Running, header: StatementHeader, totals: StatementTotals): Promise<void> => {
    await statement.inFlight;
    await flush(statement);
    await flushAnnounced(statement);
    counts.statements += 1;
    if (statement.fresh) {
      counts.newStatements += 1;
      const dates = header.balances.flatMap(({ date }) => (date === null ? [] : [date])).sort();
      await endStatement(act, statement.fingerprint, {
        openingMinor: minorOrNull(totals.opening, totals.currency),
        closingMinor: minorOrNull(totals.closing, totals.currency),
        openedOn: dates[0] ?? null,
        closedOn: dates.at(-1) ?? statement.fallbackDate,
        reconciles: totals.reconciles,
        entries: statement.taken,
      });
      if (statement.stored > 0 && statement.stored < statement.taken)
        warnings.set(`overlap ${header.index}`, {
          code: "statement_overlaps",
          message: `Statement ${header.index}: ${statement.taken - statement.stored} of ${statement.taken} transactions were already there from another statement.`,
        });
    }
  };

  for await (const event of events) {
    switch (event.kind) {
      case "statement":
        running = await begin(event.statement);
        break;
      case "entry": {
        entryNumber += 1;
        if (!running) throw new Error("an entry outside of a statement");
        const drafts = draftsOf(running.header, event.entry, entryNumber, running.fallbackDate);
        if (!drafts.ok) {
          const { code, message } = drafts.error;
          if (warnings.size < 100)
            warnings.set(`${code} ${entryNumber}`, {
              code,
              message: `Entry ${entryNumber} was left out: ${message}`,
              where: `line ${event.entry.line}`,
            });
          break;
        }
        for (const draft of drafts.value) add(running, draft);
        for (const draft of announcedIn(running.header, event.entry, entryNumber, running.fallbackDate))
          announce(running, draft);
        if (running.announced.length >= BATCH) await flushAnnounced(running);
        if (running.pending.length >= BATCH) await flushBeside(running);
        break;
      }
      case "statement_end":
        if (!running) throw new Error("the end of a statement that did not begin");
        await end(running, event.statement, event.totals);
        running = undefined;
        break;
      case "failed":
        throw new FailureError(event.error);
      case "format":
        kind = event.format.replace(/\.\d{3}\.\d{2}$/, "");
        break;
      case "warning":
      case "end":
        break;
    }
  }
  await settleAnnounced(act);
  return { ...counts, known, warnings: [...warnings.values()] };
}
