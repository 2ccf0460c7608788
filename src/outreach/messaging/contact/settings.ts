import { z } from "zod";
import type { Act } from "../../../platform/access/index.ts";
import { sql } from "../../../platform/database/index.ts";
import { type ContactRules, DEFAULT_CONTACT_RULES } from "./rules.ts";

const contactRulesSchema = z.strictObject({
  gapDays: z.number().int().min(0).max(60),
  maximumAsks: z.number().int().min(1).max(1000),
  withinDays: z.number().int().min(7).max(90),
});

/** The tenant's contact rules; they count over all of its creditors. */
export async function contactRules(act: Act): Promise<ContactRules> {
  const row = await act.tx.one<{ rules: unknown }>(sql`
    select settings -> 'contactRules' as rules from tenant where tenant_id = ${act.tx.tenantId}`);
  const parsed = contactRulesSchema.safeParse(row?.rules);
  return parsed.success ? parsed.data : DEFAULT_CONTACT_RULES;
}
