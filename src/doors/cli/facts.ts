/** `kulanz import` and `kulanz matches`. */
import { createReadStream } from "node:fs";
import { access, constants, readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { Actor } from "../../platform/access/index.ts";
import { type Failure, fail, ok, plainDate, type Result } from "../../pure/kernel/index.ts";
import { eachMatchOfFile, type FileInput, importFiles, previewFile, shownName } from "../../books/intake/index.ts";
import { type EntryMatches, matchEntries, settlementMappings } from "../../books/matching/index.ts";
import { type Command, harmless, type Invocation, type Output, progressOn, usage } from "./command.ts";
import { creditorNamed, DATABASE_OPTIONS, type Surroundings, tenantOf, withProgram } from "./opening.ts";

const ACTOR: Actor = { kind: "system", id: "cli" };

export function factCommands(surroundings: Surroundings): Command[] {
  return [
    {
      name: "import",
      group: "facts",
      summary: "Take in bank statements, e-invoices and open items",
      files: "many",
      usage:
        "FILE… [--creditor ID] [--account IBAN] [--map FILE] [--settlement FILE] [--snapshot|--delta] [--as-of D] [--dry-run] [--json]",
      options: {
        ...DATABASE_OPTIONS,
        creditor: { type: "string" },
        account: { type: "string" },
        map: { type: "string" },
        settlement: { type: "string" },
        snapshot: { type: "boolean" },
        delta: { type: "boolean" },
        "as-of": { type: "string" },
        "dry-run": { type: "boolean" },
      },
      run: (invocation) => importCommand(surroundings, invocation),
    },
    {
      name: "matches",
      group: "facts",
      summary: "What became of the entries of bank files",
      usage: "[--file NAME] [--json]",
      options: { ...DATABASE_OPTIONS, file: { type: "string" } },
      run: (invocation) =>
        withProgram(surroundings, invocation, { beside: true }, async (program) => {
          const tenant = await tenantOf(program, invocation);
          if (!tenant.ok) return tenant;
          const paper = invocation.flag("json") ? jsonList() : matchesPaper();
          // Written piece by piece: a year's entries don't stand in memory.
          const written = await eachMatchOfFile(
            program.platform,
            tenant.value,
            ACTOR,
            invocation.text("file"),
            (piece) => invocation.terminal.out(paper.lines(piece)),
          );
          if (!written.ok) return written;
          invocation.terminal.out(paper.end());
          return ok({ json: undefined, text: "" });
        }),
    },
  ];
}

async function importCommand(surroundings: Surroundings, invocation: Invocation): Promise<Result<Output>> {
  if (invocation.positionals.length === 0) return usage("Name at least one file.", "FILE");
  if (invocation.flag("snapshot") && invocation.flag("delta"))
    return usage("A list is a snapshot or a delta, not both.", "--snapshot");
  const list = invocation.flag("snapshot") ? "snapshot" : invocation.flag("delta") ? "delta" : undefined;
  const asOf = invocation.text("as-of") === undefined ? undefined : plainDate(invocation.text("as-of") ?? "");
  if (asOf?.ok === false) return usage(asOf.error.message, "--as-of");
  const mapping = await readMapping(invocation.text("map"));
  if (!mapping.ok) return mapping;
  const settlement = await readSettlementMapping(invocation.text("settlement"));
  if (!settlement.ok) return settlement;
  const reading = { ...mapping.value, ...settlement.value };
  if (invocation.flag("dry-run")) {
    const reports: FileReports = [];
    for (const file of invocation.positionals) {
      reports.push(
        (await sizeOf(file)) !== null
          ? await previewFile({ name: file, content: () => createReadStream(file), ...reading })
          : ({ ...emptyReport(file), error: missing(file) } as FileReports[number]),
      );
    }
    return ok(outputOf(reports));
  }
  return withProgram(surroundings, invocation, { beside: true }, async (program) => {
    const tenant = await tenantOf(program, invocation);
    if (!tenant.ok) return tenant;
    const creditor = await creditorNamed(program, tenant.value, invocation.text("creditor"));
    if (!creditor.ok) return creditor;
    const account = invocation.text("account");
    const reports: FileReports = [];
    for (const file of invocation.positionals) {
      const size = await sizeOf(file);
      if (size === null) {
        reports.push({ ...emptyReport(file), error: missing(file) } as FileReports[number]);
        continue;
      }
      const progress = progressOn(invocation.terminal, basename(file));
      const input: FileInput = {
        name: file,
        content: () => createReadStream(file),
        ...reading,
        ...(creditor.value && { creditorId: creditor.value }),
        ...(account !== undefined && { account }),
        ...(list && { list }),
        ...(asOf && { asOf: asOf.value }),
      };
      reports.push(
        ...(await importFiles(program.platform, tenant.value, ACTOR, [input], {
          ...(size > 1 << 20 && { progress: (bytes) => progress(bytes, size) }),
        })),
      );
    }
    await matchEntries(program.platform, tenant.value, ACTOR, {});
    return ok(outputOf(reports));
  });
}

interface Paper {
  lines(rows: readonly EntryMatches[]): string;
  end(): string;
}

/** One JSON list, an element a line. */
function jsonList(): Paper {
  let before = "[";
  return {
    lines: (rows) =>
      rows
        .map((row) => {
          const line = `${before}${JSON.stringify(row)}`;
          before = ",\n";
          return line;
        })
        .join(""),
    end: () => (before === "[" ? "[]\n" : "]\n"),
  };
}

/** A heading a file, a line an entry, and under it what is proposed and why. */
function matchesPaper(): Paper {
  let file: string | undefined;
  let entries = 0;
  const counts = { booked: 0, proposed: 0, unmatched: 0 };
  const items = (all: readonly { readonly number: string | null; readonly amount: string }[]): string =>
    all.map(({ number, amount }) => `${number ?? "on account"} ${amount}`).join(", ");
  return {
    lines: (rows) => {
      const lines: string[] = [];
      for (const row of rows) {
        if (row.file !== file) lines.push(...(file === undefined ? [] : [""]), row.file);
        file = row.file;
        entries += 1;
        counts[row.status] += 1;
        lines.push(
          `${String(row.entry).padStart(6)}  ${row.amount.padStart(12)} ${row.currency}  ${row.status.padEnd(9)}  ${items(row.booked)}`.trimEnd(),
          ...row.proposals.map(
            ({ score, items: of, reasons }) =>
              `${"".padEnd(27)}${String(score).padStart(3)} %  ${items(of)} (${reasons.join("; ")})`,
          ),
        );
      }
      return harmless(lines.map((line) => `${line}\n`).join(""));
    },
    end: () =>
      entries === 0
        ? "No bank file has been taken in yet.\n"
        : `\n${entries} entries: ${counts.booked} booked, ${counts.proposed} proposed, ${counts.unmatched} unmatched\n`,
  };
}

type FileReports = Awaited<ReturnType<typeof importFiles>>;

/** Bytes of a regular file that may be read; null of anything else. */
const sizeOf = (file: string): Promise<number | null> =>
  access(file, constants.R_OK)
    .then(() => stat(file))
    .then(
      (found) => (found.isFile() ? found.size : null),
      () => null,
    );

const missing = (file: string) => ({
  code: "file_unreadable",
  message: "This is no file, or it can't be read.",
  where: file,
});
const emptyReport = (file: string) => ({
  file: shownName(file),
  format: null,
  status: "refused" as const,
  warnings: [],
  statements: [],
  invoices: [],
  records: 0,
  imported: null,
});

function outputOf(reports: FileReports): Output {
  const lines = reports.map((report) => {
    const parts = [
      report.statements.length > 0 ? `${report.statements.length} statement(s)` : "",
      report.invoices.length > 0 ? `${report.invoices.length} invoice(s)` : "",
      report.records > 0 ? `${report.records} record(s)` : "",
      report.imported ? `${report.imported.new} new, ${report.imported.known} known` : "",
    ].filter(Boolean);
    const refused = report.error
      ? `\n  ${report.error.code}: ${report.error.message} (${report.error.where ?? ""})`
      : "";
    return `${report.file}: ${report.status}, ${report.format ?? "unknown format"}; ${parts.join(", ")}${refused}${report.warnings.map((warning) => `\n  ${warning}`).join("")}`;
  });
  return {
    json: reports,
    text: `${lines.join("\n")}\n`,
    failed: reports.some((report) => report.status === "refused"),
  };
}

/** A column mapping as JSON: `{"columns": {"Rechnungsnr": "invoice_number"}, "numberStyle": …, "dateStyle": …}`. */
async function readMapping(file: string | undefined): Promise<Result<Pick<FileInput, "mapping">, Failure>> {
  if (file === undefined) return ok({});
  const read = await readJson(file);
  if (!read.ok) return read;
  if (typeof read.value !== "object" || read.value === null || Array.isArray(read.value))
    return fail("invalid", "mapping_invalid", "A mapping is a JSON object with columns.", file);
  return ok({ mapping: read.value as NonNullable<FileInput["mapping"]> });
}

/** One mapping of settlement files, or several, for this call alone: to try one before it is set. */
async function readSettlementMapping(
  file: string | undefined,
): Promise<Result<Pick<FileInput, "settlements">, Failure>> {
  if (file === undefined) return ok({});
  const read = await readJson(file);
  if (!read.ok) return read;
  const settlements = settlementMappings(Array.isArray(read.value) ? read.value : [read.value]);
  return settlements.ok ? ok({ settlements: settlements.value }) : settlements;
}

async function readJson(file: string): Promise<Result<unknown, Failure>> {
  try {
    return ok(JSON.parse(await readFile(file, "utf8")) as unknown);
  } catch (error) {
    return error instanceof SyntaxError
      ? fail("invalid", "json_invalid", "The mapping is not JSON.", file)
      : fail("not_found", "file_unreadable", "The mapping can't be read.", file);
  }
}
