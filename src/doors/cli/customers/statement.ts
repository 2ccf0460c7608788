/** `kulanz statement`: what is open on a day and how it came about. */
import { rename, writeFile } from "node:fs/promises";
import { type Act, type Actor, withAct } from "../../../platform/access/index.ts";
import { type CustomerId, fail, isUuid, ok, plainDate, type Result } from "../../../pure/kernel/index.ts";
import { customerFacts, findCustomersBy } from "../../../books/customers/index.ts";
import { type StatementQuery, statementsOfAccount } from "../../../books/receivables/index.ts";
import {
  type Language,
  printStatements,
  tellStatement,
  type ToldItem,
  type ToldStatement,
} from "../../../outreach/messaging/index.ts";
import { statementOf } from "../../api/index.ts";
import { type Command, harmless, type Invocation, type Output, usage } from "../command.ts";
import { creditorNamed, DATABASE_OPTIONS, type Surroundings, tenantOf, withProgram } from "../opening.ts";

const ACTOR: Actor = { kind: "system", id: "cli" };

export function statementCommands(surroundings: Surroundings): Command[] {
  return [
    {
      name: "statement",
      group: "law",
      summary: "Statement of account of a customer as of any day (Forderungsaufstellung)",
      usage: "--customer ID|NUMBER [--as-of D] [--creditor ID] [--pdf FILE] [--language de|en] [--json]",
      options: {
        ...DATABASE_OPTIONS,
        customer: { type: "string" },
        "as-of": { type: "string" },
        creditor: { type: "string" },
        pdf: { type: "string" },
        language: { type: "string" },
      },
      run: (invocation) => statementCommand(surroundings, invocation),
    },
  ];
} // prettier-ignore

async function statementCommand(surroundings: Surroundings, invocation: Invocation): Promise<Result<Output>> {
  const named = invocation.text("customer");
  if (named === undefined) return usage("Name a customer with --customer, by id or number.", "--customer");
  const language = invocation.text("language");
  if (language !== undefined && language !== "de" && language !== "en")
    return usage("A language is de or en.", "--language");
  const asOf = invocation.text("as-of") === undefined ? undefined : plainDate(invocation.text("as-of") ?? "");
  if (asOf?.ok === false) return usage(asOf.error.message, "--as-of");
  return withProgram(surroundings, invocation, { beside: true }, async (program) => {
    const tenant = await tenantOf(program, invocation);
    if (!tenant.ok) return tenant;
    const creditor = await creditorNamed(program, tenant.value, invocation.text("creditor"));
    if (!creditor.ok) return creditor;
    const query: StatementQuery = {
      ...(asOf && { asOf: asOf.value }),
      ...(creditor.value && { creditorId: creditor.value }),
    };
    const { printer } = program.printOf(tenant.value);
    return withAct(program.platform, tenant.value, ACTOR, async (act): Promise<Result<Output>> => {
      const customerId = await customerNamed(act, named);
      if (!customerId.ok) return customerId;
      const statements = await statementsOfAccount(act, customerId.value, query);
      if (!statements.ok) return statements;
      const file = invocation.text("pdf");
      if (file !== undefined) {
        const pdf = await printStatements(act, printer, customerId.value, query, language);
        if (!pdf.ok) return pdf;
        const written = await write(file, pdf.value);
        if (!written.ok) return written;
      }
      const spoken = language ?? (await languageOf(act, statements.value[0]?.customerId ?? customerId.value));
      return ok({
        json: await Promise.all(statements.value.map((one) => statementOf(act, one, spoken))),
        text:
          statements.value.length === 0
            ? "There are no items of this customer.\n"
            : harmless(statements.value.map((one) => paper(tellStatement(one, spoken))).join("\n")),
      });
    });
  });
} // prettier-ignore

async function customerNamed(act: Act, named: string): Promise<Result<CustomerId>> {
  if (isUuid(named)) return ok(named as CustomerId);
  const [only, ...more] = (await findCustomersBy(act, "customer_number", [named])).get(named) ?? [];
  return only === undefined || more.length > 0
    ? fail("not_found", "customer_not_found", "No one customer goes by this number.", "--customer")
    : ok(only);
}

const languageOf = async (act: Act, customerId: CustomerId): Promise<Language> =>
  (await customerFacts(act, [customerId])).get(customerId)?.language ?? "de";

/** Whole or not at all; an older file of this name is replaced. */
async function write(file: string, bytes: Uint8Array): Promise<Result<void>> {
  try {
    await writeFile(`${file}.part`, bytes, { mode: 0o600 });
    await rename(`${file}.part`, file);
    return ok(undefined);
  } catch {
    return fail("invalid", "file_not_written", "The file can't be written there.", "--pdf");
  }
}

function paper(told: ToldStatement): string {
  const { words } = told;
  return `${[
    words.subject(told.total, told.asOf),
    "",
    ...(told.items.length === 0 ? [words.nothing] : columns(told.sums)),
    ...told.items.flatMap((item) => ["", ...itemLines(item, words)]),
    ...(told.payments.length === 0 ? [] : ["", words.payments]),
    ...told.payments.flatMap(({ title, parts }) => [`  ${title}`, ...parts.map((part) => `    ${part}`)]),
    "",
    ...told.notes,
  ].join("\n")}\n`;
}

function itemLines(item: ToldItem, words: ToldStatement["words"]): string[] {
  const rows = item.movements.map((one) => [one.on, one.what, one.principal, one.interest, one.costs, one.open]);
  const notes = item.movements.map(({ note }) => note);
  const widths = [words.columns, ...rows].reduce((wide, row) => row.map((cell, at) => Math.max(wide[at] ?? 0, cell.length)), [] as number[]); // biome-ignore format: one step
  const line = (row: readonly string[]): string =>
    `  ${row.map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join("  ")}`.trimEnd();
  return [
    item.title,
    ...(item.facts === "" ? [] : [`  ${item.facts}`]),
    line(words.columns),
    ...rows.flatMap((row, at) => [line(row), ...(notes[at] ? [`    ${notes[at]}`] : [])]),
    ...columns([...(item.accrued === null ? [] : [item.accrued]), [words.itemTotal, item.total]]),
    ...(item.interest === null
      ? []
      : [
          `  ${words.interest}`,
          ...item.interest.rows.map((row) => `    ${[row.period, row.days, row.rate, row.base, row.sum].join("  ")}`),
          ...item.interest.lines.map((one) => `    ${one}`),
        ]),
    ...(item.noInterest === "" ? [] : [`  ${item.noInterest}`]),
  ];
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const wide = Math.max(...rows.map(([label]) => label.length));
  const right = Math.max(...rows.map(([, amount]) => amount.length));
  return rows.map(([label, amount]) => `  ${label.padEnd(wide)}  ${amount.padStart(right)}`);
}
