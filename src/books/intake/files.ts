/**
 * Taking files in: each in one transaction, so that a file is in or not, whatever stops the process; a bad file leaves
 * the rest of a batch unharmed. What a file is stands in its content.
 */
import { createHash } from "node:crypto";
import { setImmediate as turnOfOthers } from "node:timers/promises";
import {
  ARCHIVE_LIMITS,
  CSV_LIMITS,
  DETECT_BYTES,
  type DetectedFormat,
  detectFormat,
  errorReport,
  type FileReport,
  fileReport,
  INVOICE_LIMITS,
  invoiceReport,
  limitedWarnings,
  mappingReport,
  orderEventColumns,
  readCsv,
  readInvoiceFile,
  reportFile,
  type ReportOptions,
  warningText,
} from "../../pure/formats/index.ts";
import {
  type Failure,
  FailureError,
  fail,
  ok,
  type Result,
  type TenantId,
  type Uuid,
} from "../../pure/kernel/index.ts";
import { type Act, type Actor, appendAudit, type Platform, tryAct, withAct } from "../../platform/access/index.ts";
import type { KnownEntry } from "../banking/index.ts";
import { holdStopped, listOptions, type StoppedImport } from "./leading/deciding.ts";
import { type ListCounts, type ListOptions, Lists } from "./leading/lists.ts";
import { takeInvoice } from "./invoices.ts";
import { MemberRefused, takeArchive } from "./taking/archive.ts";
import { takeDatevFile } from "./taking/datev.ts";
import { takeAdviceFile, takeSettlementFile, withSettlements } from "./taking/settlements.ts";
import { takeStatements } from "./taking/statements.ts";
import { takeStatusFile } from "./taking/status.ts";
import { type ItemsTaken, mappingFor, takeItems } from "./items.ts";
import { takeEvents } from "./order-events.ts";
import {
  type Content,
  type FileInput,
  type ImportAcknowledgement,
  type ImportOptions,
  type StoredReport,
  storedReport,
} from "./model.ts";
import { claimFile, fileFingerprint, importedFile, keepMapping, keepReport } from "./store.ts";
import { headerHash } from "./items.ts";

const PIECE = 65_536;

/** Between two pieces others have their turn: requests, and the answers of the database. */
async function* bytesOf(content: Content): AsyncGenerator<Uint8Array> {
  if (typeof content === "function")
    for await (const piece of content()) {
      yield piece;
      await turnOfOthers();
    }
  else
    for (let at = 0; at < content.length; at += PIECE) {
      yield content.subarray(at, at + PIECE);
      await turnOfOthers();
    }
}

/** The last part of a path, without control characters: file names are input too. */
export const shownName = (name: string): string =>
  (name.split(/[\\/]/).at(-1) ?? "").replace(/[\p{Cc}\p{Cf}]/gu, "").slice(0, 200) || "file";

interface Known {
  readonly sha256: string;
  readonly size: number;
  readonly format: DetectedFormat;
}

/** First reading: hash, size and kind. Failures of `detectFormat`. */
async function recognise(content: Content, own: FileInput["settlements"]): Promise<Result<Known, Failure>> {
  const hash = createHash("sha256");
  const beginning: Uint8Array[] = [];
  let size = 0;
  for await (const piece of bytesOf(content)) {
    if (size < DETECT_BYTES) beginning.push(piece);
    size += piece.length;
    hash.update(piece);
  }
  const format = detectFormat(Buffer.concat(beginning), size <= DETECT_BYTES, own);
  return format.ok ? ok({ sha256: hash.digest("hex"), size, format: format.value }) : format;
}

/** Second reading; refuses a file that was changed between the two. */
async function* again(content: Content, known: Known, progress: ImportOptions["progress"]): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  let size = 0;
  let told = 0;
  for await (const piece of bytesOf(content)) {
    hash.update(piece);
    size += piece.length;
    if (size - told >= 1_048_576) {
      told = size;
      progress?.(size);
    }
    yield piece;
  }
  if (hash.digest("hex") !== known.sha256)
    throw new FailureError(fail("conflict", "file_changed", "The file was changed while it was read.").error);
}

async function whole(pieces: AsyncIterable<Uint8Array>, size: number, bytesMax: number): Promise<Buffer> {
  if (size > bytesMax)
    throw new FailureError(fail("too_large", "file_too_large", `The file is larger than ${bytesMax} bytes.`).error);
  const taken: Uint8Array[] = [];
  for await (const piece of pieces) taken.push(piece);
  return Buffer.concat(taken);
}

/** Reads a file and says what importing it would find. Needs no database and stores nothing. */
export async function previewFile(input: Omit<FileInput, "creditorId" | "account">): Promise<FileReport> {
  return reportFile(shownName(input.name), bytesOf(input.content), readingOf(input));
}

const readingOf = ({ mapping, currency, settlements }: Omit<FileInput, "creditorId" | "account">): ReportOptions => ({
  ...(mapping ? { mapping } : {}),
  ...(settlements ? { settlements } : {}),
  ...(currency ? { currency } : {}),
});

/**
 * Takes a file in, in one transaction. The element tells what was in it and how much of it was new. Refused (nothing
 * stored) with `error`: failures of the readers, `creditor_unknown`, `account_unknown`, `brand_unknown`, `file_changed`,
 * `file_too_large`, … A file that was taken in before changes nothing and is told as known.
 */
export async function importFile(
  platform: Platform,
  tenantId: TenantId,
  actor: Actor,
  given: FileInput,
  options: ImportOptions = {},
): Promise<FileReport> {
  const name = shownName(given.name);
  const input = await withAct(platform, tenantId, actor, (act) => withSettlements(act, given));
  const known = await recognise(input.content, input.settlements);
  if (!known.ok) return fileReport(name, { error: known.error });
  const { format } = known.value;
  const how: HowItWent = {};
  const taken = await tryAct(platform, tenantId, actor, async (act) => {
    try {
      return await take(act, name, input, known.value, options, how);
    } catch (error) {
      if (error instanceof MemberRefused) how.refused = error.report;
      throw error;
    }
  });
  if (taken.ok) {
    if (taken.value !== "known") {
      if (how.importId !== undefined) options.onStored?.(how.importId);
      return taken.value;
    }
    return knownReport(platform, tenantId, actor, input, options, how.fingerprint);
  }
  if (how.refused) return how.refused;
  const { stopped } = how;
  // All of it was rolled back; the list itself waits for a person.
  if (stopped) await withAct(platform, tenantId, actor, (act) => holdStopped(act, stopped));
  return fileReport(name, { format: format.format, error: taken.error });
}

/** What is known of an import beside its result. */
interface HowItWent {
  fingerprint?: Buffer;
  importId?: Uuid;
  stopped?: StoppedImport;
  counts?: ListCounts;
  /** Of an archive: what the file in it was refused with. */
  refused?: FileReport;
}

/** What the acknowledgement calls a file; only what brings entries or items is told. */
const ACKS: Readonly<Partial<Record<DetectedFormat["kind"], ImportAcknowledgement["kind"]>>> = {
  statement: "statement imported",
  invoice: "invoice imported",
  open_items: "items imported",
  datev: "items imported",
};

async function take(
  act: Act,
  name: string,
  input: FileInput,
  known: Known,
  options: ImportOptions,
  how: HowItWent,
): Promise<Result<FileReport | "known", Failure>> {
  const { format, size } = known;
  const list = format.kind === "open_items" ? await listOptions(act, name, input) : undefined;
  // The same list on another business day is another list: what went meanwhile may be back.
  const dated = list?.kind === "snapshot" ? `${known.sha256}|${list.kind}|${list.asOf ?? ""}` : known.sha256;
  const fingerprint = await fileFingerprint(act, dated);
  how.fingerprint = fingerprint;
  const importId = await claimFile(act, { fingerprint, name, format: format.format, size });
  if (importId === undefined) return ok("known");
  how.importId = importId;
  const pieces = again(input.content, known, options.progress);
  const knownEntries: KnownEntry[] = [];
  const wholeOf = (bytesMax: number): Promise<Buffer> => whole(pieces, size, bytesMax);
  const takeContent = async (): Promise<Result<FileReport, Failure>> => {
    switch (format.kind) {
      case "statement":
        return takeStatements(act, name, input, format, fingerprint, pieces, knownEntries);
      case "invoice":
        return takeInvoiceFile(act, name, input, await wholeOf(INVOICE_LIMITS.bytesMax), fingerprint);
      case "datev":
        return takeDatevFile(act, name, input, await wholeOf(CSV_LIMITS.bytesMax), fingerprint);
      case "settlement":
        return takeSettlementFile(act, name, input, await wholeOf(CSV_LIMITS.bytesMax), fingerprint);
      case "advice":
        return takeAdviceFile(act, name, input, await wholeOf(CSV_LIMITS.bytesMax), fingerprint);
      case "payment_status":
        return takeStatusFile(act, name, format.format, pieces);
      case "archive":
        return takeArchive(name, format.format, await wholeOf(ARCHIVE_LIMITS.bytesMax), (place, read) =>
          takeMember(act, place, { ...input, name: place, content: read }, options),
        );
      default: {
        const kept: ListOptions = { kind: "delta", name, ...list, fingerprint };
        return takeTable(act, name, input, await wholeOf(CSV_LIMITS.bytesMax), kept, how);
      }
    }
  };
  const report = await takeContent();
  if (!report.ok) return report;
  await keepReport(act, fingerprint, report.value.format ?? format.format, storedReport(report.value, knownEntries));
  const { imported } = report.value;
  await appendAudit(act, {
    act: "file.imported",
    subject: importId,
    details: { format: format.kind, new: imported?.new ?? 0, known: imported?.known ?? 0 },
  });
  const kind = ACKS[format.kind];
  if (kind !== undefined) acknowledge(act, importId, kind, options);
  return report;
}

/** One file of an archive, in the archive's transaction. A list of open items in it is never a whole snapshot. */
async function takeMember(act: Act, place: string, input: FileInput, options: ImportOptions): Promise<FileReport> {
  try {
    const known = await recognise(input.content, input.settlements);
    if (!known.ok) return fileReport(place, { error: known.error });
    const { format } = known.value;
    const how: HowItWent = {};
    const taken = await take(
      act,
      place,
      { ...input, list: "delta" },
      known.value,
      { ...options, progress: () => {} },
      how,
    );
    if (!taken.ok) return fileReport(place, { format: format.format, error: taken.error });
    if (taken.value !== "known") return taken.value;
    const before = how.fingerprint && (await importedFile(act, how.fingerprint));
    return knownAgain(await reportFile(place, bytesOf(input.content), readingOf(input)), before?.report);
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    // Told as a dry run tells it, where the file itself is the reason.
    const read = await reportFile(place, bytesOf(input.content), readingOf(input)).catch(() => undefined);
    return read?.error ? read : fileReport(place, { format: read?.format ?? null, error: error.failure });
  }
}

function acknowledge(act: Act, id: Uuid, kind: ImportAcknowledgement["kind"], options: ImportOptions): void {
  const at = act.tx.now;
  act.tx.afterCommit(() => options.onAck?.({ kind, id, at }));
}

async function takeInvoiceFile(
  act: Act,
  name: string,
  input: FileInput,
  bytes: Buffer,
  fingerprint: Buffer,
): Promise<Result<FileReport, Failure>> {
  const read = readInvoiceFile(bytes);
  if (!read.ok) return read;
  const taken = await takeInvoice(act, read.value, bytes, input, fingerprint);
  if (!taken.ok) return taken;
  return ok(
    fileReport(name, {
      format: read.value.syntax,
      warnings: [...read.value.warnings, ...taken.value.warnings].map(warningText),
      invoices: [invoiceReport(read.value)],
      imported: { new: taken.value.new, known: taken.value.known },
    }),
  );
}

async function takeTable(
  act: Act,
  name: string,
  input: FileInput,
  bytes: Buffer,
  list: ListOptions,
  how: HowItWent,
): Promise<Result<FileReport, Failure>> {
  const table = readCsv(bytes);
  if (!table.ok) return table;
  const events = input.mapping === undefined ? orderEventColumns(table.value) : null;
  if (events) {
    const taken = await takeEvents(act, table.value, events, input);
    if (taken.firstFailure && taken.records === 0) return { ok: false, error: taken.firstFailure };
    return ok(tableReport(name, taken, events.report));
  }
  const found = await mappingFor(act, table.value, input.mapping);
  if (!found.ok) return found;
  const { mapping, correction, source } = found.value;
  const lists = new Lists(act, list);
  const taken = await takeItems(act, table.value, mapping, input, list.fingerprint, lists).catch((error: unknown) => {
    if (lists.stop) how.stopped = { list, stop: lists.stop, content: bytes, mapping: correction, input };
    throw error;
  });
  how.counts = lists.counts;
  // Nothing readable: a refusal that stores nothing. One good row among bad ones is taken in, and the file told as partial.
  if (taken.firstFailure && taken.records === 0) return { ok: false, error: taken.firstFailure };
  if (source === "given") await keepMapping(act, headerHash(table.value), correction);
  return ok(tableReport(name, taken, mappingReport(mapping)));
}

const tableReport = (name: string, taken: ItemsTaken, mapping: NonNullable<FileReport["mapping"]>): FileReport =>
  fileReport(name, {
    format: "csv",
    status: taken.failed > 0 ? "partial" : "ok",
    mapping,
    records: taken.records,
    warnings: taken.warnings,
    imported: { new: taken.new, known: taken.known },
  });

/** What a file that is known says, read again; nothing of it is new. */
async function knownReport(
  platform: Platform,
  tenantId: TenantId,
  actor: Actor,
  input: FileInput,
  options: ImportOptions,
  fingerprint: Buffer | undefined,
): Promise<FileReport> {
  const stored = await tryAct(platform, tenantId, actor, async (act) =>
    ok(fingerprint && (await importedFile(act, fingerprint))),
  );
  const before = stored.ok ? stored.value : undefined;
  if (before) options.onStored?.(before.importId);
  return knownAgain(await previewFile(input), before?.report);
}

function knownAgain(report: FileReport, before: StoredReport | undefined): FileReport {
  const { error: _, ...rest } = report;
  return {
    ...rest,
    status: before?.status ?? report.status,
    warnings: limitedWarnings(["This file was taken in before; nothing was changed.", ...report.warnings]),
    imported: { new: 0, known: (before?.imported?.new ?? 0) + (before?.imported?.known ?? 0) },
  };
}

/** Several files one after the other; each element stands for itself. */
export async function importFiles(
  platform: Platform,
  tenantId: TenantId,
  actor: Actor,
  inputs: readonly FileInput[],
  options: ImportOptions = {},
): Promise<FileReport[]> {
  const reports: FileReport[] = [];
  for (const input of inputs) {
    try {
      reports.push(await importFile(platform, tenantId, actor, input, options));
    } catch (error) {
      // A broken disk or a file that can't be opened is this file's affair; a bug or a lost database is everybody's.
      const { code, syscall } = error as NodeJS.ErrnoException;
      if (code === undefined || syscall === undefined || syscall === "connect") throw error;
      const failure = fail("invalid", "file_unreadable", "The file can't be read.").error;
      const name = shownName(input.name);
      reports.push({ ...fileReport(name, { error: failure }), error: errorReport(name, failure) });
    }
  }
  return reports;
}
