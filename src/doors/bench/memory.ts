import { readdir, readFile } from "node:fs/promises";
import process from "node:process";

interface Status {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  /** Largest resident set so far; kibibytes. */
  readonly peakKiB: number;
}

/** One `/proc/<pid>/status`; undefined for what has no memory of its own (kernel threads) or is gone. */
export function readStatus(text: string): Status | undefined {
  const field = (name: string): string => new RegExp(`^${name}:\\s*(.+)$`, "m").exec(text)?.[1] ?? "";
  const peakKiB = Number.parseInt(field("VmHWM"), 10);
  if (Number.isNaN(peakKiB)) return undefined;
  return { pid: Number(field("Pid")), parent: Number(field("PPid")), name: field("Name"), peakKiB };
}

/**
 * Peak resident memory in MiB of this process and those it started and that live now, PostgreSQL apart. Each process's
 * own peak is counted, so the sum is what they could need at once at most. Without `/proc`: this process alone.
 */
export async function peakMemory(): Promise<number> {
  const own = process.resourceUsage().maxRSS;
  const pids = await readdir("/proc").catch(() => []);
  const texts = await Promise.all(
    pids.filter((pid) => /^\d+$/.test(pid)).map((pid) => readFile(`/proc/${pid}/status`, "utf8").catch(() => "")),
  );
  const all = texts.map(readStatus).filter((status) => status !== undefined);
  return Math.round((own + sumBelow(all, process.pid)) / 1024);
}

/** Kibibytes of all descendants of a process; a PostgreSQL and what it started don't count. */
export function sumBelow(all: readonly Status[], pid: number): number {
  return all
    .filter(({ parent, name }) => parent === pid && name !== "postgres")
    .reduce((sum, child) => sum + child.peakKiB + sumBelow(all, child.pid), 0);
}
