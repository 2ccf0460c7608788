/** What happened in the six weeks, read from what was committed: the same at any time, by anybody. */
import { type Platform, withAct } from "../../platform/access/index.ts";
import { type Sql, sql } from "../../platform/database/index.ts";
import { type CreditorId, type Currency, formatMinor, type PlainDate } from "../../pure/kernel/index.ts";
import type { DemoPlan } from "./plan.ts";
import { DEMO_CREDITORS, DEMO_TENANT } from "./setting.ts";
import type { DemoHouse } from "./set-up.ts";

/** A decimal string with the currency's places. */
export interface ReportedMoney {
  readonly amount: string;
  readonly currency: string;
}

export interface MessageCount {
  readonly stage: string;
  readonly channel: string;
  readonly left: number;
  /** No longer right at the moment of leaving: paid, held. */
  readonly dropped: number;
  /** Waits for its hour or for approval. */
  readonly waiting: number;
  /** Waits for a person: parked, failed, outcome unknown. */
  readonly toLookAt: number;
}

export interface CreditorReport {
  readonly creditor: string;
  readonly imported: {
    readonly statements: number;
    readonly entries: number;
    readonly items: number;
    readonly creditNotes: number;
  };
  readonly matched: {
    readonly automatically: number;
    /** A person confirmed what was proposed. */
    readonly confirmed: number;
    /** Direct debits that went back, contained in the two above. */
    readonly returned: number;
  };
  /** Not booked by itself but proposed: confirmed later or still waiting. */
  readonly proposed: number;
  readonly stillProposed: number;
  readonly unmatched: number;
  readonly messages: readonly MessageCount[];
  readonly paid: readonly (ReportedMoney & { readonly payments: number; readonly itemsSettled: number })[];
  readonly stillOpen: readonly (ReportedMoney & { readonly items: number; readonly onAccount: string })[];
}

export interface DemoReport {
  readonly tenant: string;
  readonly from: PlainDate;
  /** Last day of the plan. */
  readonly to: PlainDate;
  /** Last business date whose runs are done; null before the first. */
  readonly reached: PlainDate | null;
  readonly files: Readonly<Record<string, number>>;
  readonly customers: number;
  readonly creditors: readonly CreditorReport[];
  /** Messages that left, over all creditors: stage → channel → number. */
  readonly messages: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** What waits for people, by kind. */
  readonly tasks: Readonly<Record<string, number>>;
}

export async function readReport(platform: Platform, house: DemoHouse, plan: DemoPlan): Promise<DemoReport> {
  return withAct(platform, house.tenantId, { kind: "system", id: "demo" }, async ({ tx }) => {
    const tenant = tx.tenantId;
    const rows = <Row extends object>(query: Sql): Promise<Row[]> => tx.rows<Row>(query);
    type Of = { readonly creditor: CreditorId };
    const files = await rows<{ format: string; count: number }>(sql`
      select regexp_replace(format, '\\.001\\..*$', '') as format, count(*)::integer as count
        from import_file where tenant_id = ${tenant} group by 1 order by 1`);
    const reached = await tx.one<{ day: PlainDate | null }>(sql`
      select min(day) as day from (
        select c.creditor_id, max(r.business_date) as day from creditor c
          left join dunning_run r on r.creditor_id = c.creditor_id and r.state = 'done'
         where c.tenant_id = ${tenant} group by c.creditor_id having max(r.business_date) is not null) d`);
    const customers = await tx.one<{ count: number }>(sql`
      select count(*)::integer as count from customer where tenant_id = ${tenant}`);
    const statements = await rows<Of & { statements: number }>(sql`
      select creditor_id as creditor, count(*)::integer as statements from statement where tenant_id = ${tenant} group by 1`);
    const entries = await rows<Of & { entries: number; proposed: number; unmatched: number }>(sql`
      select creditor_id as creditor, count(*)::integer as entries,
             count(*) filter (where status = 'proposed')::integer as proposed,
             count(*) filter (where status in ('unmatched', 'set_aside', 'new'))::integer as unmatched
        from bank_entry where tenant_id = ${tenant} group by 1`);
    const matches = await rows<Of & { automatically: number; confirmed: number; returned: number }>(sql`
      select e.creditor_id as creditor,
             count(*) filter (where m.decided_by not like 'user:%')::integer as automatically,
             count(*) filter (where m.decided_by like 'user:%')::integer as confirmed,
             count(*) filter (where m.amount_minor < 0)::integer as returned
        from match m join bank_entry e on e.fingerprint = m.entry_fingerprint where m.tenant_id = ${tenant} group by 1`);
    const items = await rows<Of & { items: number; credit_notes: number }>(sql`
      select creditor_id as creditor, count(*) filter (where item_kind = 'invoice')::integer as items,
             count(*) filter (where item_kind = 'credit_note')::integer as credit_notes
        from receivable where tenant_id = ${tenant} group by 1`);
    const messages = await rows<Of & MessageCount>(sql`
      select creditor_id as creditor, coalesce(stage, template_key) as stage, channel,
             count(*) filter (where state = 'left')::integer as left,
             count(*) filter (where state = 'dropped')::integer as dropped,
             count(*) filter (where state in ('queued', 'leaving'))::integer as waiting,
             count(*) filter (where state in ('parked', 'failed', 'unknown'))::integer as "toLookAt"
        from message where tenant_id = ${tenant} group by 1, 2, 3 order by 2, 3`);
    const paid = await rows<Of & { currency: Currency; minor: bigint; payments: number; settled: number }>(sql`
      select b.creditor_id as creditor, b.currency,
             sum(case b.kind when 'payment' then b.amount_minor when 'return' then -b.amount_minor else 0 end)::bigint as minor,
             count(*) filter (where b.kind = 'payment')::integer as payments,
             (select count(*)::integer from receivable r where r.tenant_id = ${tenant} and r.creditor_id = b.creditor_id
                and r.currency = b.currency and r.item_kind = 'invoice' and r.settled_on is not null) as settled
        from booking b where b.tenant_id = ${tenant} and b.withdrawn_at is null group by 1, 2 order by 2`);
    const open = await rows<Of & { currency: Currency; minor: bigint; items: number; credit: bigint }>(sql`
      select creditor_id as creditor, currency,
             coalesce(sum(open_total) filter (where open_total > 0), 0)::bigint as minor,
             count(*) filter (where open_total > 0)::integer as items,
             coalesce(-sum(open_total) filter (where open_total < 0), 0)::bigint as credit
        from receivable where tenant_id = ${tenant} group by 1, 2 order by 2`);
    const tasks = await rows<{ kind: string; count: number }>(sql`
      select kind, count(*)::integer as count from task where tenant_id = ${tenant} and state = 'open' group by 1 order by 1`);

    const left: Record<string, Record<string, number>> = {};
    for (const { stage, channel, left: count } of messages)
      if (count > 0) (left[stage] ??= {})[channel] = (left[stage]?.[channel] ?? 0) + count;
    return {
      tenant: DEMO_TENANT.name,
      from: plan.firstDay,
      to: plan.lastDay,
      reached: reached?.day ?? null,
      files: Object.fromEntries(files.map(({ format, count }) => [format, count])),
      customers: customers?.count ?? 0,
      creditors: DEMO_CREDITORS.map(({ key, name }): CreditorReport => {
        const of = <Row extends Of>(list: readonly Row[]): Row[] =>
          list.filter(({ creditor }) => creditor === house.creditors[key]);
        const [match, entry] = [of(matches)[0], of(entries)[0]];
        return {
          creditor: name,
          imported: {
            statements: of(statements)[0]?.statements ?? 0,
            entries: entry?.entries ?? 0,
            items: of(items)[0]?.items ?? 0,
            creditNotes: of(items)[0]?.credit_notes ?? 0,
          },
          matched: {
            automatically: match?.automatically ?? 0,
            confirmed: match?.confirmed ?? 0,
            returned: match?.returned ?? 0,
          },
          proposed: (match?.confirmed ?? 0) + (entry?.proposed ?? 0),
          stillProposed: entry?.proposed ?? 0,
          unmatched: entry?.unmatched ?? 0,
          messages: of(messages)
            .map(({ creditor: _, ...count }) => count)
            .sort((a, b) => rank(a.stage) - rank(b.stage)),
          paid: of(paid).map(({ currency, minor, payments, settled }) => ({
            amount: formatMinor(minor, currency),
            currency,
            payments,
            itemsSettled: settled,
          })),
          stillOpen: of(open).map(({ currency, minor, items: count, credit }) => ({
            amount: formatMinor(minor, currency),
            currency,
            items: count,
            onAccount: formatMinor(credit, currency),
          })),
        }; // prettier-ignore
      }),
      messages: left,
      tasks: Object.fromEntries(tasks.map(({ kind, count }) => [kind, count])),
    };
  });
}

const STAGES: Readonly<Record<string, string>> = {
  pre_due: "note before the due date",
  reminder: "reminder",
  dunning_notice: "dunning notice",
  final_notice: "final notice",
  hand_over: "hand-over",
  paid_claim_received: "answer to “I have paid”",
  paid_question: "question after “I have paid”",
  callback_confirmed: "answer to “please call me”",
  dispute_received: "answer to “something is wrong”",
};
const LADDER = Object.keys(STAGES);
const rank = (stage: string): number => (LADDER.includes(stage) ? LADDER.indexOf(stage) : LADDER.length);
const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;
const CHANNELS: Readonly<Record<string, string>> = { email: "e-mail", letter: "letter" };
const TASKS: Readonly<Record<string, string>> = {
  callback: "calls wished",
  dispute: "something is wrong",
  claimed_paid: "said to be paid",
  parked_message: "parked messages",
  hand_over: "hand-over proposals",
  write_off: "write-off proposals",
  overpayment: "overpayments",
  unreachable: "unreachable",
  finding: "findings before dunning",
  credit_note_overdue: "credit notes overdue",
  vanished_item: "vanished items",
  difference: "differences",
  refund: "refund proposals",
  duplicate_payment: "payments made twice",
  match_review: "matches to look at",
  tell_partner: "payments to tell a partner of",
}; // prettier-ignore

/** The report for people: plain text, no wider than 100 columns. */
export function reportText(report: DemoReport): string {
  const lines: string[] = [
    `${report.tenant} · ${report.from} to ${report.to}${report.reached === report.to ? "" : ` (reached: ${report.reached ?? "not started"})`}`,
    `${report.customers} customers · files: ${Object.entries(report.files)
      .map(([format, count]) => `${count} ${format}`)
      .join(", ")}`,
  ];
  const row = (label: string, value: string | number): void => void lines.push(`  ${label.padEnd(34)} ${value}`);
  for (const one of report.creditors) {
    lines.push("", one.creditor);
    row(
      "imported",
      [
        counted(one.imported.items, "invoice"),
        counted(one.imported.creditNotes, "credit note"),
        `${one.imported.entries} bank entries in ${counted(one.imported.statements, "statement")}`,
      ].join(", "),
    );
    row(
      "matched automatically",
      `${one.matched.automatically}${one.matched.returned > 0 ? ` (${one.matched.returned} of them direct debits that went back)` : ""}`,
    );
    row("proposed", `${one.proposed} (${one.matched.confirmed} confirmed, ${one.stillProposed} waiting)`);
    row("unmatched", one.unmatched);
    for (const { stage, channel, left, dropped, waiting, toLookAt } of one.messages) {
      const more = [
        dropped && `${dropped} dropped`,
        waiting && `${waiting} waiting`,
        toLookAt && `${toLookAt} to look at`,
      ];
      const rest = more.filter(Boolean).join(", ");
      row(`${STAGES[stage] ?? stage}, ${CHANNELS[channel] ?? channel}`, `${left} left${rest ? ` · ${rest}` : ""}`);
    }
    for (const { amount, currency, payments, itemsSettled } of one.paid)
      row(
        "paid",
        `${amount} ${currency} in ${counted(payments, "payment")}, ${counted(itemsSettled, "invoice")} settled`,
      );
    for (const { amount, currency, items, onAccount } of one.stillOpen)
      row(
        "still open",
        `${amount} ${currency} on ${counted(items, "item")}${Number(onAccount) === 0 ? "" : `, ${onAccount} ${currency} on account`}`,
      );
  } // prettier-ignore
  const waiting = Object.entries(report.tasks).map(([kind, count]) => `${count} ${TASKS[kind] ?? kind}`);
  if (waiting.length > 0) lines.push("", `For people: ${waiting.join(", ")}`);
  return `${lines.join("\n")}\n`;
}
