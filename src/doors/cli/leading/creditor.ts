/** `kulanz creditor`: who leads, and the settings of lists, bank files, settlement files and hand-back. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { type Actor, appendAudit, withAct } from "../../../platform/access/index.ts";
import { changeCreditorSettings, changeLeads, creditors } from "../../../books/customers/index.ts";
import { settlementMappings } from "../../../books/matching/index.ts";
import { fail, ok, type Result } from "../../../pure/kernel/index.ts";
import { type Command, type Invocation, type Output, usage } from "../command.ts";
import { creditorNamed, DATABASE_OPTIONS, type Surroundings, tenantOf, withProgram } from "../opening.ts";

/** Who may read the keys of the machine. */
const OPERATOR: Actor = { kind: "system", id: "operator", role: "admin" };
const LEADS = ["erp", "kulanz", "portal"] as const;

const kinds = z.enum([
  "interest",
  "dunning_cost",
  "collection_cost",
  "write_off",
  "discount",
  "payment",
  "provider_fee",
]);
/** What may stand in the file of `--put`; what is not named stays as it is. */
const given = z.strictObject({
  lists: z.enum(["snapshot", "delta"]).optional(),
  snapshotStop: z
    .strictObject({
      share: z.number().min(0).max(1).optional(),
      atLeast: z.number().int().min(0).optional(),
      most: z.number().int().min(0).nullable().optional(),
    })
    .optional(),
  moneySeenDays: z.number().int().min(0).max(60).optional(),
  /** What the bank charges for a failed debit: handed on where the reason lies with the customer, or never. */
  returnFee: z.enum(["responsible", "never"]).optional(),
  bankDataMaxAgeDays: z.number().int().min(1).max(60).optional(),
  statementRhythm: z.record(z.string(), z.enum(["daily", "weekly", "none"])).optional(),
  handBack: z
    .strictObject({
      accounts: z.partialRecord(kinds, z.string().regex(/^\d{1,9}$/)).optional(),
      taxKeys: z.partialRecord(kinds, z.string().max(4)).optional(),
      customerAccount: z.string().max(20).optional(),
      transitAccount: z
        .string()
        .regex(/^\d{1,9}$/)
        .optional(),
      payments: z.boolean().optional(),
      datev: z
        .strictObject({
          consultant: z.number().int(),
          client: z.number().int(),
          accountLength: z.number().int().min(4).max(8),
          chart: z.enum(["03", "04"]).nullable(),
        })
        .nullable()
        .optional(),
      fiscalYearMonth: z.number().int().min(1).max(12).optional(),
    })
    .optional(),
  /** Mappings of settlement files beside those that ship (docs/formats.md); they replace those set before. */
  settlements: z.array(z.unknown()).optional(),
});
type Given = z.infer<typeof given>;
const KEYS = Object.keys(given.shape) as (keyof Given)[];

export function creditorCommands(surroundings: Surroundings): Command[] {
  return [
    {
      name: "creditor",
      group: "care",
      summary: "Show creditors; say who leads, and set lists, bank and settlement files and hand-back by a JSON file",
      usage: "[--creditor ID] [--leads erp|kulanz|portal] [--put FILE] [--json]",
      options: {
        ...DATABASE_OPTIONS,
        creditor: { type: "string" },
        leads: { type: "string" },
        put: { type: "string" },
      },
      run: (invocation) => creditorCommand(surroundings, invocation),
    },
  ];
}

async function settingsIn(file: string | undefined): Promise<Result<Given>> {
  if (file === undefined) return ok({});
  const value = await readFile(file, "utf8")
    .then((text) => JSON.parse(text) as unknown)
    .catch(() => undefined);
  if (value === undefined) return fail("invalid", "json_invalid", "The file can't be read, or is not JSON.", "--put");
  const read = given.safeParse(value);
  if (read.success) {
    const settlements = settlementMappings(read.data.settlements ?? []);
    if (!settlements.ok) return settlements;
    return ok({ ...read.data, ...(read.data.settlements && { settlements: settlements.value }) });
  }
  const [issue] = read.error.issues;
  return fail(
    "invalid",
    "settings_invalid",
    `${issue?.message ?? "The settings are not valid"}.`,
    issue?.path.join("."),
  );
}

async function creditorCommand(surroundings: Surroundings, invocation: Invocation): Promise<Result<Output>> {
  const named = invocation.text("leads");
  const leads = LEADS.find((one) => one === named);
  if (named !== undefined && !leads) return usage(`Who leads is one of ${LEADS.join(", ")}.`, "--leads");
  const settings = await settingsIn(invocation.text("put"));
  if (!settings.ok) return settings;
  return withProgram(surroundings, invocation, { beside: true }, async (program): Promise<Result<Output>> => {
    const tenant = await tenantOf(program, invocation);
    if (!tenant.ok) return tenant;
    const chosen = await creditorNamed(program, tenant.value, invocation.text("creditor"));
    if (!chosen.ok) return chosen;
    const changes = leads !== undefined || invocation.text("put") !== undefined;
    return withAct(program.platform, tenant.value, OPERATOR, async (act): Promise<Result<Output>> => {
      const all = await creditors(act);
      const creditorId = chosen.value ?? (all.length === 1 ? all[0]?.creditorId : undefined);
      if (changes && creditorId === undefined)
        return fail("invalid", "creditor_unknown", "There are several creditors; name one.", "--creditor");
      if (changes && creditorId !== undefined) {
        if (leads) await changeLeads(act, creditorId, leads);
        await changeCreditorSettings(act, creditorId, settings.value);
        const changed = Object.keys(settings.value).length;
        const details = { ...(leads && { leads }), settings: changed };
        await appendAudit(act, { act: "creditor.changed", subject: creditorId, details });
      }
      const rows = (await creditors(act))
        .filter((one) => chosen.value === undefined || one.creditorId === chosen.value)
        .map(({ creditorId: id, name, leads: who, settings: now, accounts }) => ({
          creditorId: id,
          name,
          leads: who,
          accounts: accounts.map(({ iban }) => iban),
          settings: Object.fromEntries(KEYS.flatMap((key) => (now[key] === undefined ? [] : [[key, now[key]]]))),
        }));
      const lines = rows.map((one) => `${one.name}: ${one.leads} leads  ${JSON.stringify(one.settings)}`);
      return ok({ json: rows, text: `${lines.join("\n")}\n` });
    });
  });
}
