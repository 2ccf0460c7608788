/** Files in: look first, then import; progress by events or by asking. */
import { z } from "@hono/zod-openapi";
import { fileMatches } from "../../../oversight/insight/index.ts";
import type { FileReport, MappingCorrection, OpenItemField } from "../../../pure/formats/index.ts";
import { type Act, withAct } from "../../../platform/access/index.ts";
import {
  ALL_FIELDS,
  type FileInput,
  type ImportedFile,
  importedFiles,
  previewImport,
  previewListOf,
  shownName,
} from "../../../books/intake/index.ts";
import { fail, ok, plainDate, type Result } from "../../../pure/kernel/index.ts";
import { follow } from "../events.ts";
import { contentOf, createImportJobs, type HowToRead, type Job } from "../import-jobs.ts";
import { arranged, listRoute } from "../list.ts";
import type { Call } from "../model.ts";
import { mappingOf, snapshotOf } from "../present/import-preview.ts";
import { receiveUpload, type Upload } from "../multipart.ts";
import { actorNames, knownCreditor } from "../names.ts";
import { type Api, fileRoute, route } from "../route.ts";
import { id } from "../schema/basics.ts";
import { type ImportJob, importJob, importPreview, type ImportResult, mappingChoice } from "../schema/money-in.ts";

const FILES = 2_000;
const form = z.object({
  file: z.string().openapi({ type: "string", format: "binary" }),
  creditor: z.string().optional(),
  mapping: z.string().optional(),
  list: z.enum(["snapshot", "delta", "default"]).optional(),
  asOf: z.string().optional(),
  confirmSnapshot: z.enum(["yes"]).optional(),
});
const TAKES = { "multipart/form-data": form };

interface Sent {
  readonly upload: Upload;
  readonly how: HowToRead;
  /** The person has read what would vanish. */
  readonly confirmed: boolean;
}

export function importRoutes(api: Api): void {
  const { deps } = api;
  const jobs = createImportJobs(deps);

  fileRoute(
    api,
    {
      method: "post",
      path: "/imports/preview",
      permission: "intake.import",
      summary: "What a file is and how it would be read; nothing is stored",
      gives: ["application/json"],
      takes: TAKES,
      answer: importPreview,
    },
    async (call) => {
      const sent = await receive(call as Call);
      if (!sent.ok) return sent;
      const { upload } = sent.value;
      try {
        const seen = await call.act(async (act) => ok(await previewImport(act, fileOf(sent.value))));
        if (!seen.ok) return seen;
        const { report, table, list, needsCreditor } = seen.value;
        const answer = {
          result: resultOf(report),
          mapping: table && mappingOf(table),
          needsCreditor,
          ...(list && { snapshot: snapshotOf(list) }),
        };
        if (deps.checkAnswers) importPreview.parse(answer);
        return ok(call.context.json(answer));
      } finally {
        await upload.discard();
      }
    },
  );
  fileRoute(
    api,
    {
      method: "post",
      path: "/imports",
      permission: "intake.import",
      summary: "Take a file in; events or asking again tell how far it is",
      gives: ["application/json"],
      takes: TAKES,
      answer: importJob,
      status: 202,
    },
    async (call) => {
      const sent = await receive(call as Call);
      if (!sent.ok) return sent;
      const { upload, how, confirmed } = sent.value;
      if (!confirmed) {
        const list = await call.act(async (act) => ok(await previewListOf(act, fileOf(sent.value))));
        if (!list.ok || list.value?.stops) await upload.discard();
        if (!list.ok) return list;
        if (list.value?.stops)
          return fail(
            "conflict",
            "vanished_needs_confirmation",
            `${list.value.vanished} open items are missing from the list. Send it again with confirmSnapshot=yes; what is missing then waits for a decision.`,
            "confirmSnapshot",
          );
      }
      const job = jobs.start(call.caller, upload, how);
      const told = await call.act(async (act) => ok(await jobInWords(act, job, call as Call)));
      return told.ok ? ok(call.context.json(told.value, 202)) : told;
    },
  );
  listRoute(
    api,
    {
      path: "/imports",
      permission: "intake.read",
      summary: "Files that were sent",
      filters: { state: z.string().max(20).optional() },
      row: importJob,
      columns: ["file", "format", "state", "at", "by"],
    },
    (call) =>
      call.act(async (act) => {
        const running = jobs.of(call.caller.tenantId).filter((job) => job.importId === null || job.state !== "done");
        const known = new Set(running.map((job) => job.importId));
        const files = (await importedFiles(act, FILES)).filter((file) => !known.has(file.importId));
        const rows = [
          ...(await Promise.all(running.map((job) => jobInWords(act, job, call as Call)))),
          ...(await filesInWords(act, files, call as Call)),
        ];
        const { state } = call.query as { state?: string };
        return arranged(
          rows.filter((row) => state === undefined || row.state === state),
          call.query,
        );
      }),
  );
  const read = (call: Call<{ importId: string }>, act: Act): Promise<ImportJob | undefined> => {
    const job = jobs.find(call.caller.tenantId, call.params.importId);
    return job ? jobInWords(act, job, call) : fileById(act, call);
  };
  const params = z.strictObject({ importId: id });
  route(
    api,
    {
      method: "get",
      path: "/imports/{importId}",
      permission: "intake.read",
      summary: "How far a file is",
      params,
      answer: importJob,
    },
    (call) =>
      call.act(async (act) => {
        const found = await read(call as Call<{ importId: string }>, act);
        return found ? ok(found) : unknown(call.params.importId);
      }),
  );
  fileRoute(
    api,
    {
      path: "/imports/{importId}/events",
      permission: "intake.read",
      summary: "The progress of a file as events",
      params,
      gives: ["text/event-stream"],
    },
    async (call) => {
      const once = (): Promise<ImportJob | undefined> =>
        withAct(deps.platform, call.caller.tenantId, call.caller.actor, (act) =>
          read(call as Call<{ importId: string }>, act),
        );
      if (!(await once())) return unknown(call.params.importId);
      return ok(follow(call.context, once, (job) => job.state === "done" || job.state === "failed"));
    },
  );

  async function receive(call: Call): Promise<Result<Sent>> {
    const received = await receiveUpload(call.context.req.raw);
    if (!received.ok) return received;
    const upload = received.value;
    const refuse = async <T>(result: Result<T>): Promise<Result<T>> => {
      await upload.discard();
      return result;
    };
    const named = upload.fields.get("creditor") ?? "";
    const creditor = named === "" ? ok(undefined) : await call.act((act) => knownCreditor(act, named.slice(0, 40)));
    if (!creditor.ok) return refuse(creditor as Result<Sent>);
    const mapping = mappingIn(upload.fields.get("mapping"));
    if (!mapping.ok) return refuse(mapping as Result<Sent>);
    const list = listIn(upload.fields);
    if (!list.ok) return refuse(list as Result<Sent>);
    return ok({
      upload,
      how: {
        ...(creditor.value !== undefined && { creditorId: creditor.value }),
        ...(mapping.value && { mapping: mapping.value }),
        ...list.value,
      },
      confirmed: upload.fields.get("confirmSnapshot") === "yes",
    });
  }
}

const fileOf = ({ upload, how }: Sent): FileInput => ({
  name: upload.file.name,
  content: contentOf(upload.file.path),
  ...how,
});

/** What kind of list a file is and of which day; `default`, or nothing: as its creditor has it. */
function listIn(fields: Upload["fields"]): Result<Pick<HowToRead, "list" | "asOf">> {
  const list = fields.get("list") ?? "";
  if (!["", "default", "snapshot", "delta"].includes(list))
    return fail("invalid", "list_kind_unknown", "A list is a snapshot, a delta, or as its creditor has it.", "list");
  const asOf = fields.get("asOf") ?? "";
  const read = asOf === "" ? undefined : plainDate(asOf);
  if (read?.ok === false) return fail("invalid", read.error.code, read.error.message, "asOf");
  return ok({ ...(list === "snapshot" || list === "delta" ? { list } : {}), ...(read && { asOf: read.value }) });
}

const unknown = (importId: string): ReturnType<typeof fail> =>
  fail("not_found", "import_unknown", "There is no such import.", importId);

function mappingIn(text: string | undefined): Result<MappingCorrection | undefined> {
  if (text === undefined || text === "") return ok(undefined);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail("invalid", "mapping_malformed", "The mapping is not JSON.", "mapping");
  }
  const read = mappingChoice.safeParse(value);
  if (!read.success)
    return fail(
      "invalid",
      "mapping_malformed",
      "The mapping does not have the shape it should.",
      `mapping.${read.error.issues[0]?.path.join(".")}`,
    );
  const { columns, decimal, dateFormat } = read.data;
  const dateStyle = dateFormat?.startsWith("MM")
    ? "month_first"
    : dateFormat?.startsWith("DD")
      ? "day_first"
      : undefined;
  const strange = columns.find(({ target }) => target !== null && !ALL_FIELDS.includes(target as OpenItemField));
  if (strange)
    return fail(
      "invalid",
      "mapping_field_unknown",
      "The mapping names a field that open items do not have.",
      "mapping",
    );
  return ok({
    columns: Object.fromEntries(
      columns.map(({ column, target }) => [`#${column + 1}`, target as OpenItemField | null]),
    ),
    ...(decimal && { numberStyle: decimal === "," ? ("comma" as const) : ("point" as const) }),
    ...(dateStyle && { dateStyle }),
  });
}

function resultOf(report: FileReport): ImportResult {
  return {
    file: report.file,
    format: report.format ?? "",
    status: report.status,
    error: report.error ?? null,
    warnings: [...report.warnings],
    statements: report.statements.map((one) => ({
      ...one,
      account: one.account ?? "",
      currency: one.currency ?? "",
      opening: one.opening ?? "",
      closing: one.closing ?? "",
      reconciles: one.reconciles ?? true,
    })),
    invoices: report.invoices.map(({ number, issueDate, dueDate, currency, total, payable, buyer }) => ({
      number,
      issueDate,
      dueDate,
      currency,
      total,
      payable,
      buyer,
    })),
    records: report.records,
    imported: report.imported,
  };
}

async function jobInWords(act: Act, job: Job, call: Pick<Call, "language">): Promise<ImportJob> {
  const nameOf = await actorNames(act, [job.by], call.language);
  return {
    id: job.jobId,
    file: job.file,
    format: job.report?.format ?? "",
    state: job.state,
    progress: { done: Math.min(job.bytesRead, job.bytes), total: job.bytes },
    at: job.at.toISOString(),
    by: nameOf(job.by),
    result: job.report && resultOf(job.report),
    matched: job.matched && {
      automatic: job.matched.booked,
      proposed: job.matched.proposed,
      unmatched: job.matched.unmatched,
    },
  };
}

async function fileById(act: Act, call: Call<{ importId: string }>): Promise<ImportJob | undefined> {
  const file = (await importedFiles(act, FILES)).find((one) => one.importId === call.params.importId);
  return file && (await filesInWords(act, [file], call))[0];
}

async function filesInWords(
  act: Act,
  files: readonly ImportedFile[],
  call: Pick<Call, "language">,
): Promise<ImportJob[]> {
  const nameOf = await actorNames(
    act,
    files.map((file) => file.importedBy),
    call.language,
  );
  const matches = await fileMatches(
    act,
    files.map((file) => file.fingerprint),
  );
  return files.map((file) => {
    const matched = matches.find((one) => one.file_fingerprint.equals(file.fingerprint));
    const size = Number(file.sizeBytes);
    return {
      id: file.importId,
      file: shownName(file.name),
      format: file.format,
      state: "done" as const,
      progress: { done: size, total: size },
      at: file.importedAt.toISOString(),
      by: nameOf(file.importedBy),
      result: resultOf({ ...file.report, file: shownName(file.name), warnings: [], invoices: [] }),
      matched: matched
        ? { automatic: matched.automatic, proposed: matched.proposed, unmatched: matched.unmatched }
        : null,
    };
  });
}
