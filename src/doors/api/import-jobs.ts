/**
 * Imports that run in this process. What was taken in is in the books; a job is how far one file is on its way there.
 * A file that dies with the process is not taken in at all, and can be sent again.
 */
import { createReadStream } from "node:fs";
import type { FileReport } from "../../pure/formats/index.ts";
import { type Caller, withAct } from "../../platform/access/index.ts";
import { enqueue } from "../../platform/jobs/index.ts";
import { FIND_DUPLICATES } from "../../books/duplicates/index.ts";
import { type FileInput, importedFiles, importFile, shownName } from "../../books/intake/index.ts";
import { type MatchCounts, matchEntries } from "../../books/matching/index.ts";
import { type Instant, newUuid, type TenantId, type Uuid } from "../../pure/kernel/index.ts";
import type { ApiDeps } from "./model.ts";
import type { Upload } from "./multipart.ts";

export interface Job {
  readonly jobId: Uuid;
  readonly tenantId: TenantId;
  readonly file: string;
  readonly at: Instant;
  /** Who imports, as the books write it. */
  readonly by: string;
  readonly bytes: number;
  state: "waiting" | "reading" | "matching" | "done" | "failed";
  bytesRead: number;
  report: FileReport | null;
  /** Id in the books, once the file was taken in. */
  importId: Uuid | null;
  matched: MatchCounts | null;
}

/** What a form says of a file beside its content. */
export type HowToRead = Pick<FileInput, "creditorId" | "mapping" | "list" | "asOf">;

export interface ImportJobs {
  start(caller: Caller, upload: Upload, how: HowToRead): Job;
  find(tenantId: TenantId, jobId: string): Job | undefined;
  /** Newest first. */
  of(tenantId: TenantId): readonly Job[];
}

/** Finished jobs that are kept for those who still ask. */
const KEPT = 500;

export const contentOf =
  (path: string): FileInput["content"] =>
  () =>
    createReadStream(path) as AsyncIterable<Uint8Array>;

export function createImportJobs(deps: ApiDeps): ImportJobs {
  const jobs = new Map<Uuid, Job>();
  let queue: Promise<unknown> = Promise.resolve();

  async function run(job: Job, caller: Caller, upload: Upload, input: FileInput): Promise<void> {
    try {
      job.state = "reading";
      job.report = await importFile(deps.platform, caller.tenantId, caller.actor, input, {
        onAck: ({ id }) => {
          job.importId = id;
        },
        progress: (bytes) => {
          job.bytesRead = bytes;
        },
      });
      job.bytesRead = job.bytes;
      if (job.report.status !== "refused" && job.report.statements.length + job.report.records > 0) {
        job.state = "matching";
        const taken = await withAct(deps.platform, caller.tenantId, caller.actor, async (act) =>
          (await importedFiles(act, 1_000)).find((file) => file.importId === job.importId),
        );
        const actor = { kind: "system", id: "matching" } as const;
        if (taken)
          job.matched = await matchEntries(deps.platform, caller.tenantId, actor, {
            fileFingerprint: taken.fingerprint,
          });
      }
      if (job.report.records > 0 || job.report.invoices.length > 0)
        await withAct(deps.platform, caller.tenantId, caller.actor, ({ tx }) =>
          enqueue(tx, FIND_DUPLICATES, [
            { payload: { tenantId: caller.tenantId }, key: `duplicates:${caller.tenantId}` },
          ]),
        );
      job.state = job.report.status === "refused" ? "failed" : "done";
    } catch (error) {
      deps.log.error("import_failed", {
        job: job.jobId,
        error: error instanceof Error ? error : new Error("import failed"),
      });
      job.state = "failed";
    } finally {
      await upload.discard();
    }
  }

  return {
    start(caller, upload, how) {
      const file = shownName(upload.file.name);
      const job: Job = {
        jobId: newUuid(deps.now(), deps.chance),
        tenantId: caller.tenantId,
        file,
        at: deps.now(),
        by: `${caller.actor.kind}:${caller.actor.id}`,
        bytes: upload.file.bytes,
        state: "waiting",
        bytesRead: 0,
        report: null,
        importId: null,
        matched: null,
      };
      jobs.set(job.jobId, job);
      for (const old of [...jobs.values()].slice(0, Math.max(0, jobs.size - KEPT)))
        if (old.state === "done" || old.state === "failed") jobs.delete(old.jobId);
      const input: FileInput = {
        name: file,
        content: contentOf(upload.file.path),
        ...how,
      };
      // One after the other: a big file must not take every connection.
      queue = queue.then(() => run(job, caller, upload, input));
      return job;
    },
    find(tenantId, jobId) {
      const job = jobs.get(jobId);
      return job?.tenantId === tenantId ? job : undefined;
    },
    of: (tenantId) => [...jobs.values()].filter((job) => job.tenantId === tenantId).reverse(),
  };
}
