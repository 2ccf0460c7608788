/**
 * The texts of a tenant, one document a language, published in numbered versions. A message remembers the version it was
 * rendered from. Publishing checks every variable, limit and word; a text with a finding is not published.
 */
import { type Act, actorName, appendAudit } from "../../../platform/access/index.ts";
import { packageRoot } from "../../../platform/config/index.ts";
import { sql } from "../../../platform/database/index.ts";
import { type Failure, ok, type Result } from "../../../pure/kernel/index.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Catalogue, checkCatalogue, type Finding, type Language, readCatalogue } from "../templates/index.ts";

export const LANGUAGES: readonly Language[] = ["de", "en"];
/** The whole document is one template; the columns of the table leave room for single texts. */
const WHOLE = { key: "*", channel: "*", tone: "*" } as const;

export type TextsRefused = Failure<"texts_refused"> & { readonly findings: readonly Finding[] };

/** The texts that come with the product. */
export const shippedTexts = (language: Language): string =>
  readFileSync(join(packageRoot, `src/outreach/messaging/texts/messages.${language}.md`), "utf8");

/** Failure `texts_refused` with all findings (line, rule, sentence); nothing is published then. */
export async function publishTexts(
  act: Act,
  language: Language,
  source: string,
): Promise<Result<number, TextsRefused>> {
  const catalogue = readCatalogue(source, language, `messages.${language}.md`);
  const findings = checkCatalogue(catalogue);
  if (findings.length > 0)
    return {
      ok: false,
      error: {
        kind: "invalid",
        code: "texts_refused",
        message: `The texts have ${findings.length} finding(s); the first: ${findings[0]?.message ?? ""}`,
        where: `messages.${language}.md:${findings[0]?.line ?? 0}`,
        findings,
      },
    };
  await act.tx.one(sql`select pg_advisory_xact_lock(hashtextextended(${`texts:${act.tx.tenantId}:${language}`}, 0))`);
  const version = ((await latestVersion(act, language)) ?? 0) + 1;
  await act.tx.execute(sql`
    insert into template_version (tenant_id, template_key, channel, tone, language, version, source, compiled, published_by, published_at)
    values (${act.tx.tenantId}, ${WHOLE.key}, ${WHOLE.channel}, ${WHOLE.tone}, ${language}, ${version}, ${source}, '{}'::jsonb,
            ${actorName(act.actor)}, ${act.tx.now})`);
  await appendAudit(act, { act: "texts.published", subject: language, details: { version } });
  return ok(version);
}

export async function latestVersion(act: Act, language: Language): Promise<number | null> {
  const row = await act.tx.one<{ version: number | null }>(sql`
    select max(version) as version from template_version
     where tenant_id = ${act.tx.tenantId} and template_key = ${WHOLE.key} and language = ${language}`);
  return row?.version ?? null;
}

/** Read once a process: a version never changes. */
const read = new Map<string, Catalogue>();

export async function publishedTexts(act: Act, language: Language, version: number): Promise<Catalogue> {
  const key = `${act.tx.tenantId}:${language}:${version}`;
  let catalogue = read.get(key);
  if (!catalogue) {
    const row = await act.tx.one<{ source: string }>(sql`
      select source from template_version
       where tenant_id = ${act.tx.tenantId} and template_key = ${WHOLE.key} and language = ${language} and version = ${version}`);
    if (!row) throw new Error(`texts ${language} version ${version} are not published`);
    catalogue = readCatalogue(row.source, language, `messages.${language}.md`);
    read.set(key, catalogue);
  }
  return catalogue;
}
