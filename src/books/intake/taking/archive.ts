/** An archive is taken in with all its files or not at all; each of them is known again, packed or not. */
import {
  type ArchiveMember,
  archiveMembers,
  type FileReport,
  fileReport,
  joinedReport,
} from "../../../pure/formats/index.ts";
import { type Failure, FailureError, type Result } from "../../../pure/kernel/index.ts";

/** Takes one file of the archive in, under the name to show. Refuses by a report with an error. */
export type TakeMember = (place: string, read: ArchiveMember["read"]) => Promise<FileReport>;

/** Thrown to roll all of the archive back; the report says which file was refused and why. */
export class MemberRefused extends FailureError {
  readonly report: FileReport;
  constructor(failure: Failure, report: FileReport) {
    super(failure);
    this.report = report;
  }
}

/** Failures of `archiveMembers`. Throws `MemberRefused` when a file in it is refused. */
export async function takeArchive(
  name: string,
  format: string,
  bytes: Uint8Array,
  takeMember: TakeMember,
): Promise<Result<FileReport, Failure>> {
  const members = archiveMembers(bytes);
  if (!members.ok) return members;
  const reports: FileReport[] = [];
  for (const { name: member, read } of members.value) {
    const report = await takeMember(member === "" ? name : `${name}/${member}`, read);
    if (report.error) {
      const { code, message, where } = report.error;
      const refused = fileReport(name, { format: report.format ?? format, warnings: report.warnings });
      throw new MemberRefused(
        { kind: "invalid", code, message, where },
        { ...refused, status: "refused", error: report.error },
      );
    }
    reports.push(report);
  }
  const count = (which: "new" | "known"): number => reports.reduce((sum, one) => sum + (one.imported?.[which] ?? 0), 0);
  const names = members.value.map((member) => member.name);
  return {
    ok: true,
    value: { ...joinedReport(name, names, reports), imported: { new: count("new"), known: count("known") } },
  };
}
