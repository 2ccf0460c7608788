/**
 * pain.002 (customer payment status report), ISO 20022, versions .001.02 to .001.14 and the German and Swiss variants
 * (.002.03, .001.03.ch.02), as a stream: https://www.iso20022.org/iso-20022-message-definitions (payments initiation).
 * Read: status and reasons of the order, its batches and payments, with references, amounts and parties.
 */
import { type Decimal, decimal, type Failure, FailureError } from "../../../kernel/index.ts";
import { compactAccount } from "../../code/iban.ts";
import { childOf, childrenOf, nodeAt, textAt, textOf, TreeBuilder, type XmlNode, XmlStream } from "../../text/xml.ts";
import { CAMT_LIMITS } from "../camt.ts";
import { readPushed } from "../push.ts";
import type { ReturnReason, StatementAmount, TransactionParty } from "../statement.ts";
import type { PaymentStatus, PaymentStatusEvent } from "./status.ts";

export type PainFailure = Failure<"pain_not_a_status" | "pain_element_too_large">;

const ELEMENTS_MAX = 20_000;
const LEVELS: Readonly<Record<string, PaymentStatus["level"]>> = {
  OrgnlGrpInfAndSts: "file",
  OrgnlPmtInfAndSts: "batch",
  TxInfAndSts: "payment",
};

/** Version from a namespace such as `urn:iso:std:iso:20022:tech:xsd:pain.002.001.10`; null for any other. */
export const statusOfNamespace = (uri: string): string | null =>
  /pain\.002\.\d{3}\.\d{2}(?:\.ch\.\d{2})?(?!\d)/.exec(uri)?.[0] ?? null;

const given = (text: string | null): string | null =>
  text !== null && /^(not ?provided|nonref)$/i.test(text) ? null : text;

function amountAt(node: XmlNode | undefined): StatementAmount | null {
  if (!node) return null;
  const read = decimal(
    node.text
      .trim()
      .replace(/^([+-]?)\./, "$10.")
      .replace(/\.$/, ""),
  );
  const amount: Decimal | null = read.ok ? read.value : null;
  return amount ? { amount, currency: node.attributes["Ccy"]?.trim() || null } : null;
}

function partyAt(original: XmlNode | undefined, role: "Dbtr" | "Cdtr"): TransactionParty {
  const outer = childOf(original, role);
  const party = childOf(outer, "Pty") ?? outer;
  const address = childOf(party, "PstlAdr");
  const account = childOf(original, `${role}Acct`);
  return {
    name: textAt(party, "Nm"),
    iban: compactAccount(textAt(account, "Id/IBAN")),
    other: textAt(account, "Id/Othr/Id", "Id/BBAN"),
    bic: textAt(childOf(original, `${role}Agt`), "FinInstnId/BICFI", "FinInstnId/BIC"),
    postcode: textAt(address, "PstCd"),
    city: textAt(address, "TwnNm"),
    country: textAt(address, "Ctry"),
  };
}

function reasonsOf(node: XmlNode): ReturnReason[] {
  return childrenOf(node, "StsRsnInf").map((reason) => {
    const texts = childrenOf(reason, "AddtlInf")
      .map(textOf)
      .filter((text) => text !== null); // prettier-ignore
    return {
      code: textAt(reason, "Rsn/Cd", "Rsn/Prtry", "StsRsn/Cd", "StsRsn/Prtry"),
      text: texts.length > 0 ? texts.join(" ") : null,
    };
  });
}

interface Around {
  readonly messageId: string | null;
  readonly messageName: string | null;
  readonly batchId: string | null;
}

function statusAt(node: XmlNode, level: PaymentStatus["level"], around: Around): PaymentStatus {
  const original = childOf(node, "OrgnlTxRef");
  const amount =
    nodeAt(original, "Amt/InstdAmt") ?? nodeAt(original, "Amt/EqvtAmt/Amt") ?? nodeAt(original, "IntrBkSttlmAmt"); // prettier-ignore
  return {
    level,
    line: node.line,
    status: textAt(node, "GrpSts", "PmtInfSts", "TxSts"),
    reasons: reasonsOf(node),
    originalMessageId: around.messageId,
    originalBatchId: textAt(node, "OrgnlPmtInfId") ?? around.batchId,
    originalMessageName: around.messageName,
    endToEndId: given(textAt(node, "OrgnlEndToEndId")),
    instructionId: given(textAt(node, "OrgnlInstrId")),
    mandateId: textAt(original, "MndtRltdInf/MndtId", "MndtRltdInf/DrctDbtMndt/MndtId"),
    amount: amountAt(amount),
    requestedOn: textAt(original, "ReqdColltnDt", "ReqdExctnDt/Dt", "ReqdExctnDt"),
    remittance: childrenOf(childOf(original, "RmtInf"), "Ustrd")
      .map(textOf)
      .filter((text) => text !== null), // prettier-ignore
    payer: partyAt(original, "Dbtr"),
    payee: partyAt(original, "Cdtr"),
  };
}

/** Push reader: `write` bytes, take the events that came of them, `end`. Never throws on input. */
export class PaymentStatusReader {
  private readonly stream: XmlStream;
  private events: PaymentStatusEvent[] = [];
  private path: string[] = [];
  private namespaces: string[] = [];
  private builder: TreeBuilder | null = null;
  private elements = 0;
  private known = false;
  private around: Around = { messageId: null, messageName: null, batchId: null };
  private done = false;

  constructor() {
    this.stream = new XmlStream(
      {
        open: (name, attributes) => this.open(name, attributes),
        text: (text) => this.builder?.text(text),
        close: (name) => this.close(name),
      },
      CAMT_LIMITS,
    );
  }

  write(chunk: Uint8Array): PaymentStatusEvent[] {
    this.stream.write(chunk);
    return this.take();
  }

  end(): PaymentStatusEvent[] {
    if (this.stream.end()) {
      if (this.known) this.events.push({ kind: "end" });
      else
        this.stream.failure = {
          kind: "invalid",
          code: "pain_not_a_status",
          where: "1:1",
          message: "The file is XML but no payment status report (pain.002).",
        };
    }
    return this.take();
  }

  private take(): PaymentStatusEvent[] {
    const { failure } = this.stream;
    if (failure && !this.done) {
      this.done = true;
      this.events.push({ kind: "failed", error: failure });
    }
    const { events } = this;
    this.events = [];
    return events;
  }

  private open(name: string, attributes: Readonly<Record<string, string>>): void {
    this.path.push(name);
    const node = { name, attributes, text: "", children: [], line: this.stream.line, column: this.stream.column + 1 };
    if (this.builder) {
      this.elements += 1;
      if (this.elements > ELEMENTS_MAX)
        throw new FailureError({
          kind: "too_large",
          code: "pain_element_too_large",
          message: `One record has more than ${ELEMENTS_MAX} elements.`,
          where: this.stream.place,
        });
      this.builder.push(node);
      return;
    }
    for (const key of Object.keys(attributes)) if (key.startsWith("xmlns")) this.namespaces.push(attributes[key] ?? "");
    // `pain.002.001.02` is also the name of the message's root element in the first versions.
    if (!this.known && (/^CstmrPmtStsRpt$/.test(name) || name.startsWith("pain.002."))) {
      this.known = true;
      const format =
        this.namespaces.map(statusOfNamespace).findLast((found) => found !== null) ?? statusOfNamespace(name);
      this.events.push({ kind: "format", format: format ?? "pain.002" });
    }
    // A batch is read piece by piece: it may hold any number of payments.
    if (this.known && (name === "OrgnlGrpInfAndSts" || name === "TxInfAndSts" || this.isOfBatch(name))) {
      this.elements = 0;
      this.builder = new TreeBuilder(node);
    } else if (this.known && name === "OrgnlPmtInfAndSts") {
      this.batch = { name, attributes, text: "", children: [], line: node.line, column: node.column };
      this.told = false;
    }
  }

  private batch: XmlNode | null = null;
  private told = true;

  private isOfBatch(name: string): boolean {
    return this.batch !== null && this.path.at(-2) === "OrgnlPmtInfAndSts" && name !== "TxInfAndSts";
  }

  /** The batch's own status, once everything before its payments is known. */
  private tellBatch(): void {
    const { batch } = this;
    if (!batch || this.told) return;
    this.told = true;
    this.around = { ...this.around, batchId: textAt(batch, "OrgnlPmtInfId") };
    const status = statusAt(batch, "batch", this.around);
    if (status.status !== null || status.reasons.length > 0) this.events.push({ kind: "status", status });
  }

  private close(name: string): void {
    this.path.pop();
    const { builder } = this;
    if (!builder) {
      if (name === "OrgnlPmtInfAndSts") {
        this.tellBatch();
        this.batch = null;
        this.around = { ...this.around, batchId: null };
      }
      return;
    }
    const node = builder.pop();
    if (!builder.finished) return;
    this.builder = null;
    const level = LEVELS[name];
    if (level === undefined) {
      if (this.batch && this.batch.children.length < ELEMENTS_MAX) this.batch.children.push(node);
      return;
    }
    if (level === "file") {
      this.around = { messageId: textAt(node, "OrgnlMsgId"), messageName: textAt(node, "OrgnlMsgNmId"), batchId: null };
      const status = statusAt(node, "file", this.around);
      if (status.status !== null || status.reasons.length > 0) this.events.push({ kind: "status", status });
      return;
    }
    this.tellBatch();
    this.events.push({ kind: "status", status: statusAt(node, "payment", this.around) });
  }
}

/** Reads a payment status report chunk by chunk. The last event is `end` or `failed`; never throws on content. */
export function readPaymentStatus(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<PaymentStatusEvent, void, undefined> {
  return readPushed(new PaymentStatusReader(), chunks);
}
