/** Answers one question of `kulanz code`: GiroCode (write or read), RF reference (make or check), IBAN (check). */
import type { Failure } from "../../kernel/index.ts";
import { creditorReference, makeCreditorReference } from "./creditor-reference.ts";
import { readGiro, writeGiro } from "./giro.ts";
import { iban } from "./iban.ts";

type Answer = Readonly<Record<string, unknown>>;

const refused = ({ code, message, where }: Pick<Failure, "code" | "message" | "where">): Answer => ({
  error: where === undefined ? { code, message } : { code, message, where },
});
const invalid = (message: string, where: string): Answer => refused({ code: "input_invalid", message, where });

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function giro(input: Readonly<Record<string, unknown>>): Answer {
  const text = (field: string): string | undefined =>
    input[field] === undefined || input[field] === null ? undefined : String(input[field]);
  const payload = text("payload");
  if (payload !== undefined) {
    const read = readGiro(payload);
    if (!read.ok) return refused(read.error);
    const { name, iban: account, bic, reference, text: remittance, information, amount } = read.value;
    return { name, iban: account, bic, reference, text: remittance, information, amount };
  }
  const written = writeGiro(
    {
      name: text("name") ?? "",
      iban: text("iban") ?? "",
      bic: text("bic"),
      amount: text("amount"),
      currency: text("currency"),
      purpose: text("purpose"),
      reference: text("reference"),
      text: text("text"),
      information: text("information"),
    }, // prettier-ignore
    {
      version: text("version") ?? "002",
      lineEnd: ["\r\n", "crlf"].includes(text("nl") ?? text("lineEnd") ?? "") ? "\r\n" : "\n",
    },
  );
  return written.ok ? { ...written.value } : refused(written.error);
}

function rf(input: Readonly<Record<string, unknown>>): Answer {
  if (typeof input["body"] === "string") {
    const made = makeCreditorReference(input["body"]);
    return made.ok ? { reference: made.value, valid: true } : refused(made.error);
  }
  if (typeof input["reference"] !== "string") return invalid("An rf question has a body or a reference.", "input");
  const read = creditorReference(input["reference"]);
  return read.ok ? { valid: true, reference: read.value } : { valid: false };
}

/** Takes `{kind, input}`; gives what stands under `expected` in the vectors, or `{error: {code, message, where?}}`. */
export function answerCodeVector(question: unknown): Answer {
  if (!isRecord(question) || !isRecord(question["input"]))
    return invalid("A question has a kind and an input.", "input");
  const { kind, input } = question as { kind?: unknown; input: Readonly<Record<string, unknown>> };
  if (kind === "giro") return giro(input);
  if (kind === "rf") return rf(input);
  if (kind === "iban")
    return typeof input["iban"] === "string"
      ? { valid: iban(input["iban"]).ok }
      : invalid("An iban question has an iban.", "input.iban");
  return invalid("The kind is giro, rf or iban.", "kind");
}
