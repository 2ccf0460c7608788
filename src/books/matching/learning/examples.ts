/** What decisions teach: evidence of proposals as numbers and whether they were right. Whose they were is not kept. */
import { type CreditorId, dateIn, deterministicUuid, type Uuid } from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { rowsOf, sql } from "../../../platform/database/index.ts";
import { creditor } from "../../customers/index.ts";
import { FEATURE_VERSION } from "./model.ts";

export interface Example {
  readonly features: readonly number[];
  readonly right: boolean;
  readonly source: "confirmed" | "passed_over" | "undone" | "reviewed";
}

/** A match teaches its proposals (at most three), and one thing more when it is undone or reviewed. */
const PLACES = 3;
const idOf = (matchId: Uuid, place: number): Uuid => deterministicUuid("match_example", matchId, `${place}`);

/** Keeps examples of one match; a second time nothing changes. */
export async function keepExamples(
  act: Act,
  creditorId: CreditorId,
  matchId: Uuid,
  examples: readonly Example[],
): Promise<void> {
  if (examples.length === 0) return;
  const day = dateIn(act.tx.now, (await creditor(act, creditorId)).zone);
  await act.tx.execute(sql`
    insert into match_example (creditor_id, example_id, tenant_id, feature_version, features, was_right, source, learned_on)
    select ${creditorId}::uuid, e.example_id, ${act.tx.tenantId}::uuid, ${FEATURE_VERSION}::int2, e.features::real[],
           e.was_right, e.source, ${day}::date
    from ${rowsOf("e", {
      example_id: [
        "uuid",
        examples.map(({ source }, place) =>
          idOf(matchId, source === "undone" || source === "reviewed" ? PLACES : place),
        ),
      ],
      features: ["text", examples.map(({ features }) => `{${features.join(",")}}`)],
      was_right: ["bool", examples.map(({ right }) => right)],
      source: ["text", examples.map(({ source }) => source)],
    })}
    on conflict do nothing`);
}

/** What a match taught was wrong, or is decided anew. */
export async function dropExamples({ tx }: Act, creditorId: CreditorId, matchId: Uuid): Promise<void> {
  const ids = Array.from({ length: PLACES + 1 }, (_, place) => idOf(matchId, place));
  await tx.execute(sql`
    delete from match_example where creditor_id = ${creditorId} and example_id = any(${ids}::uuid[])`);
}
