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
import { lawStatement, type LawName } from "./statements.ts";

type Answer = (element: unknown) => unknown;

/** One option of the plain form: its name, the input field it fills, and how it is read. */
type Plain = readonly [option: string, field: string, as: "text" | "number" | "yes"];

interface Question {
  readonly name: LawName;
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
      ["notice-received", "noticeReceived", "text"],
      ["agreed", "agreedInContract", "yes"],
      ["notice-30-days", "specialNotice", "yes"],
    ],
    element: (fields, invocation) => ({
      rule: fields["noticeReceived"]
        ? "notice"
        : fields["invoiceReceived"]
          ? "thirtyDays"
          : fields["agreedInContract"]
            ? "calendar"
            : "calendar_unilateral",
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
    plain: [
      ["arose", "claimArose", "text"],
      ["known", "knowledge", "text"],
      ["title-final", "titleFinal", "text"],
    ],
    element: (fields) => inside({ ...(fields["titleFinal"] !== undefined && { kind: "titled" }), ...fields }),
  },
  {
    name: "garnishment",
    summary: "Garnishable amount (§ 850c ZPO)",
    answer: answerGarnishment,
    plain: [
      ["net", "netMonthly", "text"],
      ["dependants", "dependants", "number"],
      ["date", "period", "text"],
    ],
    element: inside,
  },
];

async function elements(invocation: Invocation, name: string): Promise<Result<unknown>> {
  const file = invocation.text("input");
  if (file === undefined && invocation.terminal.inIsTerminal)
    return usage(`Give options, --input FILE, or pipe JSON into the command. See \`kulanz ${name} --help\`.`, name);
  let text: string;
  try {
    text = file === undefined ? await invocation.terminal.input() : await readFile(file, "utf8");
  } catch {
    return fail("not_found", "file_unreadable", "The input file can't be read.", file);
  }
  try {
    return ok(JSON.parse(text.replace(/^\uFEFF/, "")) as unknown);
  } catch (error) {
    // Only the place is told: the engine's words quote the input.
    const position = Number(/position (\d+)/.exec(String(error))?.[1] ?? text.length);
    const line = text.slice(0, position).split("\n").length;
    return fail("invalid", "json_invalid", "The input is not JSON.", `${file ?? "stdin"}:${line}`);
  }
}

async function answerAll(
  invocation: Invocation,
  name: string,
  answer: Answer,
  statement?: (element: unknown, json: unknown) => string,
): Promise<Result<Output>> {
  const read = await elements(invocation, name);
  if (!read.ok) return read;
  const all: readonly unknown[] = Array.isArray(read.value) ? read.value : [read.value];
  const answers = all.map(answer);
  const json = Array.isArray(read.value) ? answers : answers[0];
  const text = statement
    ? all.map((element, index) => statement(element, answers[index])).join("\n")
    : `${JSON.stringify(json, null, 2)}\n`;
  return ok({ json, text });
}

function lawCommand(question: Question): Command {
  const options: Options = { input: { type: "string" }, business: { type: "boolean" }, consumer: { type: "boolean" } };
  for (const [option, , as] of question.plain) options[option] = { type: as === "yes" ? "boolean" : "string" };
  return {
    name: `law ${question.name}`,
    group: "law",
    summary: question.summary,
    usage: usageOf(question),
    options,
    async run(invocation) {
      const fields: Record<string, unknown> = {};
      for (const [option, field, as] of question.plain) {
        if (as === "yes") {
          if (invocation.flag(option)) fields[field] = true;
        } else {
          const value = invocation.text(option);
          if (value !== undefined) fields[field] = as === "number" && /^\d+$/.test(value) ? Number(value) : value;
        }
      }
      const { name } = question;
      if (Object.keys(fields).length === 0)
        return answerAll(invocation, `law ${name}`, question.answer, (one, json) => lawStatement(name, one, json));
      const element = question.element(fields, invocation);
      const json = question.answer(element);
      if (typeof json === "object" && json !== null && "error" in json) {
        const { code, message, where } = json.error as { code: string; message: string; where?: string };
        return fail("invalid", code, message, where);
      }
      return ok({ json, text: lawStatement(name, element, json) });
    },
  };
}

function usageOf({ name, plain }: Question): string {
  const json = "[--input FILE] [--json]     (or JSON on stdin)";
  if (plain.length === 0) return json;
  const who = name === "interest" || name === "default" ? " [--consumer|--business]" : "";
  const options = plain.map(([option, , as]) =>
    as === "yes" ? `[--${option}]` : `[--${option} ${EXAMPLES[option] ?? "D"}]`,
  );
  return `${json}\n  kulanz law ${name} ${options.join(" ")}${who}`;
}

/** What stands for the value in the help, where it is not a day. */
const EXAMPLES: Readonly<Record<string, string>> = {
  principal: "1000.00",
  claim: "1000.00",
  net: "2500.00",
  rate: "0.9",
  dependants: "N",
  state: "NW",
  kind: "collection_2300|gkg_1100|…",
};

export const ANSWER_COMMANDS: readonly Command[] = [
  ...QUESTIONS.map(lawCommand),
  {
    name: "code",
    group: "law",
    summary: "IBAN, creditor reference and GiroCode",
    usage: "[--input FILE] [--json]",
    options: { input: { type: "string" } },
    run: (invocation) => answerAll(invocation, "code", answerCodeVector),
  },
];
