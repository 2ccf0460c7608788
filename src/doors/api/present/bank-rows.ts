/** Rows of bank entries with who paid and what was written, opened for the page that shows them. */
import type { EntryLine } from "../../../oversight/insight/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { type EntryPayload, entries, openEntryPayloads } from "../../../books/banking/index.ts";
import { matchesOfEntries, openMatchPayload } from "../../../books/matching/index.ts";
import { customerRefs } from "../names.ts";
import { moneyOf, say } from "../said/index.ts";
import type { Language } from "../schema/basics.ts";
import type { BankEntryRow } from "../schema/money-in.ts";

/** Opened payloads by entry id, of booked ones from their match. */
export async function payloadsOf(act: Act, lines: readonly EntryLine[]): Promise<Map<string, EntryPayload>> {
  const found = new Map<string, EntryPayload>();
  const rows = await entries(act, {
    fingerprints: lines.map((line) => line.fingerprint),
    limit: Math.max(lines.length, 1),
  });
  for (const [key, payload] of await openEntryPayloads(act, rows)) found.set(key, payload);
  const matched = lines.flatMap((line) =>
    line.customer_id === null ? [] : [{ customerId: line.customer_id, fingerprint: line.fingerprint }],
  );
  for (const match of await matchesOfEntries(act, matched)) {
    const payload = await openMatchPayload(act, match);
    const line = lines.find((one) => one.fingerprint.equals(match.entryFingerprint));
    if (payload.ok && line) found.set(line.entry_id, payload.value);
  }
  return found;
}

export async function entryRows(act: Act, lines: readonly EntryLine[], language: Language): Promise<BankEntryRow[]> {
  const payloads = await payloadsOf(act, lines);
  const names = await customerRefs(
    act,
    lines.map((line) => line.customer_id ?? line.proposed_for),
  );
  return lines.map((line) => {
    const payload = payloads.get(line.entry_id);
    const whose = line.customer_id ?? line.proposed_for;
    return {
      id: line.entry_id,
      account: line.account,
      payer: payload?.payerName ?? payload?.ultimatePayer ?? null,
      remittance: remittanceOf(payload),
      amount: moneyOf(line.amount, line.currency),
      bookedOn: line.booked_on,
      valueOn: line.value_on,
      view: line.view,
      score: line.score,
      customer: (whose && names.get(whose)) || null,
      automatic: line.decided_by === null ? null : line.decided_by.startsWith("system:"),
      ...(line.sure !== null && { sure: say(language, `sure_${line.sure}`) }),
    };
  });
}

const remittanceOf = (payload: EntryPayload | undefined): string =>
  payload === undefined ? "" : [...payload.creditorReferences, ...payload.remittance].join(" ");
