/** `kulanz duplicates`: files that may be one person. */
import { type Actor, withAct } from "../../../platform/access/index.ts";
import { ok } from "../../../pure/kernel/index.ts";
import { customerFacts } from "../../../books/customers/index.ts";
import { findDuplicates, MARKS, type Mark, proposals, reasonInWords } from "../../../books/duplicates/index.ts";
import { type Command, progressOn, usage } from "../command.ts";
import { DATABASE_OPTIONS, type Surroundings, tenantOf, withProgram } from "../opening.ts";

const ACTOR: Actor = { kind: "system", id: "cli" };

interface Line {
  readonly customers: readonly [string, string];
  readonly score: number;
  readonly mark: Mark;
  readonly reasons: readonly string[];
}

export function duplicateCommands(surroundings: Surroundings): Command[] {
  return [
    {
      name: "duplicates",
      group: "facts",
      summary: "Compare new and changed customers, and list files that may be one person",
      usage: "[--mark sure|likely|possible] [--households] [--json]",
      options: { ...DATABASE_OPTIONS, mark: { type: "string" }, households: { type: "boolean" } },
      run: async (invocation) => {
        const mark = invocation.text("mark");
        if (mark !== undefined && !MARKS.includes(mark as Mark))
          return usage("A mark is sure, likely or possible.", "--mark");
        return withProgram(surroundings, invocation, { beside: true }, async (program) => {
          const tenant = await tenantOf(program, invocation);
          if (!tenant.ok) return tenant;
          await findDuplicates(program.platform, tenant.value, ACTOR, {
            progress: progressOn(invocation.terminal, "duplicates"),
          });
          const lines = await withAct(program.platform, tenant.value, ACTOR, async (act) => {
            const found = await proposals(act, {
              state: "open",
              suggests: invocation.flag("households") ? "household" : "merge",
              ...(mark !== undefined && { mark: mark as Mark }),
            });
            const facts = await customerFacts(act, [...new Set(found.flatMap((pair) => pair.customerIds))]);
            return found.map(({ customerIds, score, mark: own, reasons }): Line => {
              const [one = "", other = ""] = customerIds.map((id) => facts.get(id)?.number ?? "").sort();
              return {
                customers: [one, other],
                score,
                mark: own,
                reasons: reasons.map((code) => reasonInWords(code, "en")),
              };
            });
          });
          const text = lines.map(
            ({ customers, score, mark: own, reasons }) =>
              `${own.padEnd(8)} ${score}  ${customers.join("  ")}  ${reasons.join(", ")}`,
          );
          return ok({
            json: lines,
            text: lines.length === 0 ? "No two files look like one person.\n" : `${text.join("\n")}\n`,
          });
        });
      },
    },
  ];
}
