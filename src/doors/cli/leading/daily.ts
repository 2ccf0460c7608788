/** `kulanz reconcile`, `hand-back`, `fetch`, `source`: the daily work between ERP, bank and Kulanz. */
import { readFile, rename, writeFile } from "node:fs/promises";
import { type Actor, withAct } from "../../../platform/access/index.ts";
import { type CreditorId, fail, formatMinor, ok, plainDate, type Result } from "../../../pure/kernel/index.ts";
import { creditors } from "../../../books/customers/index.ts";
import {
  checkFiles,
  fetchFiles,
  fileAlarms,
  fileSources,
  placeText,
  putSource,
  removeSource,
} from "../../../books/intake/index.ts";
import {
  differenceOf,
  handBack,
  handBackBatches,
  handBackFile,
  markBatch,
  type Reconciliation,
  reconcileTenant,
} from "../../../books/reconciliation/index.ts";
import { type Command, type Invocation, type Output, usage } from "../command.ts";
import { creditorNamed, DATABASE_OPTIONS, type Surroundings, tenantOf, withProgram } from "../opening.ts";

const ACTOR: Actor = { kind: "system", id: "cli" };

export function leadingCommands(surroundings: Surroundings): Command[] {
  return [
    {
      name: "reconcile",
      group: "facts",
      summary: "Compare ERP, ledger and bank, to the cent",
      usage: "[--date D] [--creditor ID] [--json]",
      options: { ...DATABASE_OPTIONS, date: { type: "string" }, creditor: { type: "string" } },
      run: (invocation) => reconcileCommand(surroundings, invocation),
    },
    {
      name: "hand-back",
      group: "facts",
      summary: "Write fees, interest and waivers as postings for the ERP",
      usage: "--format datev|csv --file F [--creditor ID] [--batch N] [--json]",
      options: {
        ...DATABASE_OPTIONS,
        format: { type: "string" },
        file: { type: "string" },
        creditor: { type: "string" },
        batch: { type: "string" },
      },
      run: (invocation) => handBackCommand(surroundings, invocation),
    },
    {
      name: "fetch",
      group: "facts",
      summary: "Look into all sources once and take in what is there",
      usage: "[--json]",
      options: DATABASE_OPTIONS,
      run: (invocation) => fetchCommand(surroundings, invocation),
    },
    {
      name: "source",
      group: "facts",
      summary: "Show where files are fetched from; add or change one by a JSON file, or remove one",
      usage: "[--put FILE] [--remove NAME] [--json]",
      options: { ...DATABASE_OPTIONS, put: { type: "string" }, remove: { type: "string" } },
      run: (invocation) => sourceCommand(surroundings, invocation),
    },
  ];
}

const plain = ({ differences, comparisons, ...report }: Reconciliation) => {
  const shown = (minor: bigint | null): string | null => (minor === null ? null : formatMinor(minor, report.currency));
  return {
    ...report,
    comparisons: comparisons.map(({ left, right, steps, differenceMinor, ...one }) => ({
      ...one,
      left: { amount: shown(left.minor), count: left.count, asOf: left.asOf },
      right: { amount: shown(right.minor), count: right.count, asOf: right.asOf },
      steps: steps.map(({ minor, ...step }) => ({ ...step, amount: shown(minor) })),
      difference: shown(differenceMinor),
    })),
    differences: differences.map(({ theirsMinor, oursMinor, place: _, ...one }) => ({
      ...one,
      theirs: shown(theirsMinor),
      ours: shown(oursMinor),
      difference: shown(differenceOf({ theirsMinor, oursMinor })),
    })),
  };
};

function reconcileCommand(surroundings: Surroundings, invocation: Invocation): Promise<Result<Output>> {
  const date = invocation.text("date");
  const day = date === undefined ? undefined : plainDate(date);
  if (day?.ok === false) return Promise.resolve(usage(day.error.message, "--date"));
  return withProgram(surroundings, invocation, { beside: true }, async (program) => {
    const tenant = await tenantOf(program, invocation);
    if (!tenant.ok) return tenant;
    const of = await creditorNamed(program, tenant.value, invocation.text("creditor"));
    if (!of.ok) return of;
    const found = await reconcileTenant(program.platform, tenant.value, ACTOR, {
      ...(of.value && { creditorId: of.value }),
      ...(day && { day: day.value }),
    });
    const rows = found.map(plain);
    const lines = rows.flatMap(({ currency, state, comparisons, differences }) => [
      `${currency}: ${state}`,
      ...comparisons.map(
        ({ kind, left, right, steps, difference }) =>
          `  ${kind}: ${left.amount ?? "–"} ${steps.map((step) => `${step.amount} ${step.code}`).join(", ")} → ${right.amount ?? "–"}; difference ${difference ?? "–"}`,
      ),
      ...differences.map(
        ({ kind, theirs, ours, facts }) =>
          `  ${kind}: there ${theirs ?? "–"}, here ${ours ?? "–"} ${Object.values(facts).join(" ")}`,
      ),
    ]);
    return ok({ json: rows, text: `${lines.join("\n")}\n` });
  });
}

function handBackCommand(surroundings: Surroundings, invocation: Invocation): Promise<Result<Output>> {
  const format = invocation.text("format");
  const file = invocation.text("file");
  if (format !== "datev" && format !== "csv") return Promise.resolve(usage("Say --format datev or csv.", "--format"));
  if (file === undefined) return Promise.resolve(usage("Say where to write to: --file F.", "--file"));
  return withProgram(surroundings, invocation, { beside: true }, async (program): Promise<Result<Output>> => {
    const tenant = await tenantOf(program, invocation);
    if (!tenant.ok) return tenant;
    const named = await creditorNamed(program, tenant.value, invocation.text("creditor"));
    if (!named.ok) return named;
    const act = <T>(work: Parameters<typeof withAct<T>>[3]) => withAct(program.platform, tenant.value, ACTOR, work);
    const all = await act(creditors);
    const creditorId: CreditorId | undefined = named.value ?? (all.length === 1 ? all[0]?.creditorId : undefined);
    if (creditorId === undefined)
      return fail("invalid", "creditor_unknown", "There are several creditors; name one.", "--creditor");
    const number = invocation.text("batch");
    let [batch, ...more] = await act((one) => handBackBatches(one, { creditorId }));
    if (number !== undefined) {
      batch = [...(batch ? [batch] : []), ...more].find((one) => `${one.number}` === number);
      more = [];
      if (!batch) return fail("not_found", "batch_not_found", "There is no such batch.", "--batch");
    } else {
      const made = await act((one) => handBack(one, creditorId));
      if (!made.ok) return made;
      [batch, ...more] = made.value;
      if (!batch) return ok({ json: { batch: null, lines: 0, file: null, more: 0 }, text: "Nothing to hand back.\n" });
    }
    const { batchId } = batch;
    const written = await act((one) => handBackFile(one, batchId, format));
    if (!written.ok) return written;
    // Whole or not at all; only a file that stands counts as fetched.
    await writeFile(`${file}.part`, written.value.bytes);
    await rename(`${file}.part`, file);
    await act((one) => markBatch(one, batchId, "fetched"));
    const { lines, fingerprint, from, to } = batch;
    return ok({
      json: { batch: batch.number, batchId, lines, from, to, fingerprint, file, more: more.length },
      text: `Batch ${batch.number}: ${lines} postings to ${file}${more.length > 0 ? `; ${more.length} more batches wait` : ""}\n`,
    });
  });
}

function fetchCommand(surroundings: Surroundings, invocation: Invocation): Promise<Result<Output>> {
  return withProgram(surroundings, invocation, { beside: true }, async (program) => {
    const tenant = await tenantOf(program, invocation);
    if (!tenant.ok) return tenant;
    const results = await fetchFiles(program.platform, tenant.value, ACTOR);
    await checkFiles(program.platform, tenant.value, ACTOR);
    const alarms = await withAct(program.platform, tenant.value, ACTOR, fileAlarms);
    const lines = results.flatMap(({ source, files, error }) => [
      `${source}: ${error ? `${error.code}: ${error.message}` : `${files.length} files`}`,
      ...files.map((one) => `  ${one.file}: ${one.state}${one.error ? ` (${one.error.code})` : ""}`),
    ]);
    const open = alarms.map(({ kind, account, day }) => `alarm: ${[kind, account, day].filter(Boolean).join(" ")}`);
    return ok({
      json: {
        sources: results.map(({ source, files, error }) => ({
          source,
          error,
          files: files.map(({ report, ...one }) => ({ ...one, imported: report.imported })),
        })),
        alarms: alarms.map(({ kind, account, day, facts, raisedAt }) => ({ kind, account, day, facts, raisedAt })),
      },
      text: `${[...lines, ...open].join("\n") || "There is no source yet."}\n`,
      failed: results.some(({ error }) => error !== null),
    });
  });
}

function sourceCommand(surroundings: Surroundings, invocation: Invocation): Promise<Result<Output>> {
  return withProgram(surroundings, invocation, { beside: true }, async (program) => {
    const tenant = await tenantOf(program, invocation);
    if (!tenant.ok) return tenant;
    const act = <T>(work: Parameters<typeof withAct<T>>[3]) => withAct(program.platform, tenant.value, ACTOR, work);
    const file = invocation.text("put");
    const remove = invocation.text("remove");
    if (file !== undefined) {
      const given = await readFile(file, "utf8")
        .then((text) => JSON.parse(text) as unknown)
        .catch(() => undefined);
      if (given === undefined) return fail("invalid", "json_invalid", "The file can't be read, or is not JSON.", file);
      const put = await act((one) => putSource(one, given));
      if (!put.ok) return put;
    }
    if (remove !== undefined) {
      const removed = await act((one) => removeSource(one, remove));
      if (!removed.ok) return removed;
    }
    const all = await act(fileSources);
    const rows = all.map(({ place, ...source }) => ({ ...source, kind: place.kind, place: placeText(place) }));
    return ok({
      json: rows,
      text: `${rows.map(({ name, kind, place, enabled }) => `${name}: ${kind} ${place}${enabled ? "" : " (off)"}`).join("\n") || "There is no source yet."}\n`,
    });
  });
}
