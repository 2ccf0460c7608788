/** Alarms about files in words: what is wrong, what follows, where it is mended. */
import type { FileAlarm } from "../../../books/intake/index.ts";
import { ibanInGroups } from "../said/index.ts";

const NOTICES: ReadonlySet<FileAlarm["kind"]> = new Set(["source_failed", "statement_broken"]);
const PLACES: Readonly<Partial<Record<FileAlarm["kind"], string>>> = {
  source_failed: "/imports/sources",
  refused_file: "/imports",
  statement_broken: "/bank/statements",
  snapshot_stopped: "/reconciliation/vanished",
};

export const alarmInKeys = ({ kind, account, day, facts }: FileAlarm) => ({
  level: NOTICES.has(kind) ? ("notice" as const) : ("problem" as const),
  said: [
    `alarm_${kind}`,
    { ...facts, account: account === null ? "" : ibanInGroups(account), day: day ?? "" },
  ] as const,
  advice: [`alarm_advice_${kind}`] as const,
  to: PLACES[kind] ?? "/imports/days",
});
