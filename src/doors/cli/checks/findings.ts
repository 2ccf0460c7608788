/** `kulanz findings`. */
import { type Actor, withAct } from "../../../platform/access/index.ts";
import { formatMinor, ok } from "../../../pure/kernel/index.ts";
import { type Finding, findings } from "../../../books/checking/index.ts";
import { type Command, usage } from "../command.ts";
import { creditorNamed, DATABASE_OPTIONS, type Surroundings, tenantOf, withProgram } from "../opening.ts";

const ACTOR: Actor = { kind: "system", id: "cli" };
const STATES = ["open", "dismissed", "resolved"] as const;
const ROWS = 100_000;

export function checkCommands(surroundings: Surroundings): Command[] {
  return [
    {
      name: "findings",
      group: "facts",
      summary: "What the checks before dunning found",
      usage: "[--creditor ID] [--state open|dismissed|resolved] [--json]",
      options: { ...DATABASE_OPTIONS, creditor: { type: "string" }, state: { type: "string" } },
      run: (invocation) => {
        const state = STATES.find((one) => one === (invocation.text("state") ?? "open"));
        if (!state) return Promise.resolve(usage(`The state is one of ${STATES.join(", ")}.`, "--state"));
        return withProgram(surroundings, invocation, { beside: true }, async (program) => {
          const tenant = await tenantOf(program, invocation);
          if (!tenant.ok) return tenant;
          const creditor = await creditorNamed(program, tenant.value, invocation.text("creditor"));
          if (!creditor.ok) return creditor;
          const filter = { state, ...(creditor.value && { creditorId: creditor.value }) };
          const found = await withAct(program.platform, tenant.value, ACTOR, (act) =>
            findings(act, filter, { limit: ROWS }),
          );
          return ok({ json: found.rows.map(lineOf), text: textOf(found.rows) });
        });
      },
    },
  ];
}

const lineOf = (one: Finding) => ({
  findingId: one.findingId,
  customerId: one.customerId,
  receivableId: one.receivableId,
  creditorId: one.creditorId,
  invoice: one.number,
  open: formatMinor(one.openMinor, one.currency),
  currency: one.currency,
  rule: one.rule,
  severity: one.severity,
  state: one.state,
  facts: one.facts,
  foundAt: one.foundAt.toISOString(),
  decidedBy: one.decidedBy ?? null,
  decidedAt: one.decidedAt?.toISOString() ?? null,
});

function textOf(rows: readonly Finding[]): string {
  if (rows.length === 0) return "Nothing was found.\n";
  const lines = rows.map(
    (one) =>
      `${one.severity.padEnd(9)} ${one.rule.replaceAll("_", " ").padEnd(26)} ${one.number.padEnd(20)} ${formatMinor(one.openMinor, one.currency).padStart(12)} ${one.currency}`,
  );
  return `${lines.join("\n")}\n`;
}
