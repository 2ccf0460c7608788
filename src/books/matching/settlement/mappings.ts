/** A creditor's own mappings of settlement files (`settings.settlements`), beside those that ship. */
import { settlementMapping, type SettlementMapping } from "../../../pure/formats/index.ts";
import { type CreditorId, type Failure, fail, ok, type Result } from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { type Creditor, creditor } from "../../customers/index.ts";

const MOST = 50;

/** What is no mapping counts as not there: it was refused when it was set. */
export function ownMappings({ settings }: Pick<Creditor, "settings">): readonly SettlementMapping[] {
  const { settlements } = settings as { settlements?: unknown };
  if (!Array.isArray(settlements)) return [];
  return settlements.flatMap((data) => {
    const mapping = settlementMapping(data);
    return mapping.ok ? [mapping.value] : [];
  });
}

export async function ownMappingsOf(
  act: Act,
  creditorIds: readonly CreditorId[],
): Promise<ReadonlyMap<CreditorId, readonly SettlementMapping[]>> {
  const found = new Map<CreditorId, readonly SettlementMapping[]>();
  for (const id of new Set(creditorIds)) found.set(id, ownMappings(await creditor(act, id)));
  return found;
}

/** Mappings to be set, each checked. Failures `settlement_mapping_invalid` with the place (`0.columns.kind`). */
export function settlementMappings(data: unknown): Result<SettlementMapping[], Failure> {
  const invalid = (message: string, where: string) => fail("invalid", "settlement_mapping_invalid", message, where);
  if (!Array.isArray(data)) return invalid("The mappings of settlement files are a list.", "settlements");
  if (data.length > MOST) return invalid(`A creditor has at most ${MOST} mappings of settlement files.`, "settlements");
  const found: SettlementMapping[] = [];
  for (const [index, one] of data.entries()) {
    const mapping = settlementMapping(one);
    if (!mapping.ok)
      return invalid(mapping.error.message, [index, mapping.error.where ?? ""].join(".").replace(/\.$/, ""));
    found.push(mapping.value);
  }
  return ok(found);
}
