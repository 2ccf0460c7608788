/** Alarms of bank files: a day without a statement, a gap between two, one that does not add up. They resolve themselves. */
import {
  type CreditorId,
  dateIn,
  ok,
  type Failure,
  type PlainDate,
  type Result,
  type Uuid,
} from "../../../pure/kernel/index.ts";
import { type Act, actorName, appendAudit } from "../../../platform/access/index.ts";
import { sql } from "../../../platform/database/index.ts";
import { gapsOf, statementChain } from "../../banking/index.ts";
import { type Creditor, creditors } from "../../customers/index.ts";
import { type Rhythm, type StatementDay, statementDays } from "./days.ts";
import { raiseAlarm, resolveOthers } from "./store.ts";

export interface AccountDays {
  readonly account: string;
  readonly creditorId: CreditorId;
  readonly currency: string;
  readonly lastStatementTo: PlainDate | null;
  readonly days: readonly (StatementDay & { readonly entries: number })[];
}

const rhythmOf = ({ settings }: Creditor, account: string): Rhythm => {
  const { statementRhythm } = settings as { statementRhythm?: Readonly<Record<string, Rhythm>> };
  return statementRhythm?.[account] ?? "daily";
};

async function excusedDays({ tx }: Act): Promise<Map<string, Set<PlainDate>>> {
  const rows = await tx.rows<{ account: string; day: PlainDate }>(sql`
    select account, day from statement_day_excused where tenant_id = ${tx.tenantId}`);
  const days = new Map<string, Set<PlainDate>>();
  for (const { account, day } of rows) days.set(account, (days.get(account) ?? new Set()).add(day));
  return days;
}

/** Entries by account and day since a day. */
async function bookedDays(
  { tx }: Act,
  creditorId: CreditorId,
  since: PlainDate,
): Promise<Map<string, Map<PlainDate, number>>> {
  const rows = await tx.rows<{ account: string; booked_on: PlainDate; count: bigint }>(sql`
    select s.account, e.booked_on, count(*) as count from bank_entry e
    join statement s on s.fingerprint = e.statement_fingerprint
    where e.tenant_id = ${tx.tenantId} and e.creditor_id = ${creditorId} and e.booked_on >= ${since}::date
    group by s.account, e.booked_on`);
  const days = new Map<string, Map<PlainDate, number>>();
  for (const { account, booked_on, count } of rows)
    days.set(account, (days.get(account) ?? new Map()).set(booked_on, Number(count)));
  return days;
}

/** The last days of every account a statement has come for. */
export async function accountDays(act: Act, count: number): Promise<AccountDays[]> {
  const found: AccountDays[] = [];
  for (const of of await creditors(act)) found.push(...(await daysOfCreditor(act, of, count)));
  return found;
}

async function daysOfCreditor(act: Act, of: Creditor, count: number): Promise<AccountDays[]> {
  const today = dateIn(act.tx.now, of.zone);
  const excused = await excusedDays(act);
  const since = dateIn(new Date(act.tx.now.getTime() - (count + 1) * 86_400_000), of.zone);
  const booked = await bookedDays(act, of.creditorId, since);
  return [...(await statementChain(act, of.creditorId)).values()].map(({ account, currency, statements }) => {
    const entries = booked.get(account) ?? new Map<PlainDate, number>();
    const days = statementDays(
      {
        statements,
        gaps: gapsOf(statements),
        bookedOn: new Set(entries.keys()),
        excused: excused.get(account) ?? new Set(),
        rhythm: rhythmOf(of, account),
        state: of.state,
      },
      today,
      count,
    );
    return {
      account,
      creditorId: of.creditorId,
      currency,
      lastStatementTo:
        statements
          .map(({ closedOn }) => closedOn)
          .sort()
          .at(-1) ?? null,
      days: days.map((one) => ({ ...one, entries: entries.get(one.day) ?? 0 })),
    };
  });
}

const DAYS_WATCHED = 42;

/** Raises and resolves the alarms of a creditor's bank files as of now. Safe to repeat. */
export async function checkStatements(act: Act, of: Creditor): Promise<void> {
  const standing: Uuid[] = [];
  const { creditorId } = of;
  for (const { account, currency, days, lastStatementTo } of await daysOfCreditor(act, of, DAYS_WATCHED)) {
    const missing = days.filter(({ state }) => state === "missing");
    const [first] = missing;
    if (first)
      standing.push(
        await raiseAlarm(act, {
          kind: "missing_statement",
          place: `${account} ${currency}`,
          creditorId,
          account,
          day: first.day,
          facts: { days: missing.length, last: lastStatementTo ?? "" },
        }),
      );
  }
  for (const { account, currency, statements } of (await statementChain(act, creditorId)).values())
    for (const { kind, after, before } of gapsOf(statements))
      standing.push(
        await raiseAlarm(act, {
          kind: "statement_gap",
          place: `${account} ${currency} ${after.fingerprint} ${before.fingerprint}`,
          creditorId,
          account,
          day: before.openedOn,
          facts: { by: kind, from: after.closedOn, to: before.openedOn },
        }),
      );
  const broken = await act.tx.rows<{ fingerprint: Buffer; account: string; closed_on: PlainDate | null }>(sql`
    select fingerprint, account, closed_on from statement
    where tenant_id = ${act.tx.tenantId} and creditor_id = ${creditorId} and reconciles = false
      and imported_at >= ${act.tx.now}::timestamptz - interval '14 days'`);
  for (const { fingerprint, account, closed_on: day } of broken)
    standing.push(
      await raiseAlarm(act, {
        kind: "statement_broken",
        place: fingerprint.toString("hex"),
        creditorId,
        account,
        ...(day === null ? {} : { day }),
      }),
    );
  await resolveOthers(act, creditorId, ["missing_statement", "statement_gap", "statement_broken"], standing);
}

/** Says that no statement comes on a day, or takes it back. */
export async function excuseDay(
  act: Act,
  { account, day, excused }: { readonly account: string; readonly day: PlainDate; readonly excused: boolean },
): Promise<Result<void, Failure>> {
  const { tx } = act;
  if (excused)
    await tx.execute(sql`
      insert into statement_day_excused (tenant_id, account, day, excused_by, excused_at)
      values (${tx.tenantId}, ${account}, ${day}::date, ${actorName(act.actor)}, ${tx.now}) on conflict do nothing`);
  else
    await tx.execute(sql`
      delete from statement_day_excused where tenant_id = ${tx.tenantId} and account = ${account} and day = ${day}::date`);
  await appendAudit(act, { act: "statement_day.excused", details: { day, excused } });
  for (const of of await creditors(act)) await checkStatements(act, of);
  return ok(undefined);
}
