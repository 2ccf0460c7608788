/** `kulanz law …` and `kulanz code`: JSON in, JSON out, computed by pure functions; no database is opened. */
import { readFile } from "node:fs/promises";
import { answerCodeVector } from "../../pure/formats/index.ts";
import { fail, ok, type Result } from "../../pure/kernel/index.ts";
import {
  answerAllocation,
  answerCosts,
  answerDefault,
  answerGarnishment,
  answerInterest,
  answerLedger,
  answerLimitation,
} from "../../pure/law/index.ts";
import { type Command, type Invocation, type Options, type Output, usage } from "./command.ts";

type Answer = (element: unknown) => unknown;

/** One option of the plain form: its name, the input field it fills, and how it is read. */
type Plain = readonly [option: string, field: string, as: "text" | "yes"];

interface Question {
  readonly name: string;
  readonly summary: string;
  readonly answer: Answer;
  readonly plain: readonly Plain[];
  /** Fixed fields of the plain form. */
  readonly element: (fields: Record<string, unknown>, invocation: Invocation) => unknown;
}

const inside = (fields: Record<string, unknown>): unknown => ({ input: fields });

const QUESTIONS: readonly Question[] = [
  {
    name: "interest",
    summary: "Default interest (§§ 247, 288 BGB)",
    answer: answerInterest,
    plain: [
      ["principal", "principal", "text"],
      ["from", "firstInterestDay", "text"],
      ["to", "lastInterestDay", "text"],
    ],
    element: (fields, invocation) => ({
      currency: "EUR",
      debtorKind: invocation.flag("consumer") || !invocation.flag("business") ? "consumer" : "business",
      ...fields,
    }),
  },
  { name: "ledger", summary: "Account of one claim over time", answer: answerLedger, plain: [], element: inside },
  {
    name: "default",
    summary: "First day of default (§ 286 BGB)",
    answer: answerDefault,
    plain: [
      ["due", "dueDate", "text"],
      ["state", "state", "text"],
      ["received", "invoiceReceived", "text"],
      ["agreed", "agreedInContract", "yes"],
      ["notice-30-days", "specialNotice", "yes"],
    ],
    element: (fields, invocation) => ({
      rule:
        fields["invoiceReceived"] === undefined
          ? fields["agreedInContract"]
            ? "calendar"
            : "calendar_unilateral"
          : "thirtyDays",
      input: { agreedInContract: false, consumer: !invocation.flag("business"), ...fields },
    }),
  },
  {
    name: "costs",
    summary: "Collection, court and own costs (RVG, GKG, § 288 V BGB)",
    answer: answerCosts,
    plain: [
      ["kind", "kind", "text"],
      ["claim", "claim", "text"],
      ["rate", "rate", "text"],
      ["mandate-date", "mandateDate", "text"],
      ["deducts-input-tax", "creditorDeductsInputTax", "yes"],
    ],
    element: (fields) => ({
      input: { kind: "collection_2300", creditorDeductsInputTax: false, undisputed: true, ...fields },
    }),
  },
  {
    name: "allocate",
    summary: "Allocation of a payment (§§ 366, 367 BGB)",
    answer: answerAllocation,
    plain: [],
    element: inside,
  },
  {
    name: "limitation",
    summary: "Last day to file (§§ 195 ff. BGB)",
    answer: answerLimitation,
    plain: [],
    element: inside,
  },
  {
    name: "garnishment",
    summary: "Garnishable amount (§ 850c ZPO)",
    answer: answerGarnishment,
    plain: [
      ["net", "net", "text"],
      ["dependants", "dependants", "text"],
      ["date", "date", "text"],
    ],
    element: inside,
  },
];

async function elements(invocation: Invocation): Promise<Result<unknown>> {
  const file = invocation.text("input");
  let text: string;
  try {
    text = file === undefined ? await invocation.terminal.input() : await readFile(file, "utf8");
  } catch {
    return fail("not_found", "file_unreadable", "The input file can't be read.", file);
  }
  try {
    return ok(JSON.parse(text) as unknown);
  } catch (error) {
    const place = /position (\d+)/.exec(String(error))?.[1];
    return fail("invalid", "json_invalid", "The input is not JSON.", `${file ?? "stdin"}:${place ?? "0"}`);
  }
}

async function answerAll(invocation: Invocation, answer: Answer): Promise<Result<Output>> {
  const read = await elements(invocation);
  if (!read.ok) return read;
  const json = Array.isArray(read.value) ? read.value.map(answer) : answer(read.value);
  return ok({ json, text: `${JSON.stringify(json, null, 2)}\n` });
}

function lawCommand(question: Question): Command {
  const options: Options = { input: { type: "string" }, business: { type: "boolean" }, consumer: { type: "boolean" } };
  for (const [option, , as] of question.plain) options[option] = { type: as === "yes" ? "boolean" : "string" };
  return {
    name: `law ${question.name}`,
    summary: question.summary,
    usage: `[--input FILE] [--json]${question.plain.map(([option, , as]) => ` [--${option}${as === "yes" ? "" : " …"}]`).join("")}`,
    options,
    async run(invocation) {
      const fields: Record<string, unknown> = {};
      for (const [option, field, as] of question.plain) {
        if (as === "yes") {
          if (invocation.flag(option)) fields[field] = true;
        } else {
          const value = invocation.text(option);
          if (value !== undefined) fields[field] = value;
        }
      }
      if (Object.keys(fields).length === 0) return answerAll(invocation, question.answer);
      const json = question.answer(question.element(fields, invocation));
      if (typeof json === "object" && json !== null && "error" in json) {
        const { code, message, where } = json.error as { code: string; message: string; where?: string };
        return fail("invalid", code, message, where);
      }
      return ok({ json, text: readable(question.summary, json) });
    },
  };
}

/** A statement a person can read: one line a value, tables for lists. */
function readable(title: string, value: unknown): string {
  const lines: string[] = [title, ""];
  const walk = (label: string, part: unknown, depth: number): void => {
    const indent = "  ".repeat(depth);
    if (Array.isArray(part)) {
      lines.push(`${indent}${label}`);
      for (const row of part)
        lines.push(
          `${indent}  ${
            typeof row === "object" && row !== null
              ? Object.entries(row)
                  .map(([key, cell]) => `${words(key)} ${String(cell)}`)
                  .join(" · ")
              : String(row)
          }`,
        );
    } else if (typeof part === "object" && part !== null) {
      if (label) lines.push(`${indent}${label}`);
      for (const [key, child] of Object.entries(part)) walk(words(key), child, depth + (label ? 1 : 0));
    } else
      lines.push(
        `${indent}${label.padEnd(Math.max(0, 30 - indent.length))} ${part === null ? "not known" : String(part)}`,
      );
  };
  walk("", value, 0);
  return `${lines.join("\n")}\n`;
}
const words = (key: string): string => key.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();

export const ANSWER_COMMANDS: readonly Command[] = [
  ...QUESTIONS.map(lawCommand),
  {
    name: "code",
    summary: "IBAN, creditor reference and GiroCode",
    usage: "[--input FILE] [--json]",
    options: { input: { type: "string" } },
    run: (invocation) =>
      invocation.terminal.outIsTerminal && invocation.text("input") === undefined
        ? Promise.resolve(usage("Give --input FILE or pipe JSON into the command.", "code"))
        : answerAll(invocation, answerCodeVector),
  },
];
