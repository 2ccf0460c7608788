/** The payment file against the published schema: which elements, in which order, which must be there, how often. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { writeCreditTransfers } from "../../../src/pure/formats/index.ts";
import { readXmlTree, type XmlNode } from "../../../src/pure/formats/text/xml.ts";
import { EUR, expectOk, type PlainDate } from "../../../src/pure/kernel/index.ts";
import { SHARED } from "../corpus.ts";

const XSD = `${SHARED}/corpora/refs/php-sepa-xml__php-sepa-xml/xsd/pain.001.001.09.xsd`;
if (!existsSync(XSD)) console.warn(`skipped: no schema of pain.001.001.09 at ${XSD}`);

const LIMITS = { depthMax: 100, pieceCharsMax: 1_000_000, bytesMax: 10_000_000 };
const read = (bytes: string | Buffer): XmlNode => expectOk(readXmlTree(Buffer.from(bytes), LIMITS));
const attribute = (node: XmlNode, name: string): string | undefined => node.attributes[name];

/** What is wrong with an element, by the type the schema gives it; simple types by pattern, list and length. */
function problems(schema: XmlNode, node: XmlNode, type: string, path: string): string[] {
  const named = schema.children.find((one) => one.name !== "element" && attribute(one, "name") === type);
  if (!named) return [`${path}: no type ${type}`];
  if (named.name === "simpleType") return simple(named, node.text, path);
  const content = named.children.find(({ name }) => ["sequence", "choice", "simpleContent"].includes(name));
  if (!content || content.name === "simpleContent") return [];
  const allowed = content.children.filter(({ name }) => name === "element");
  const children = node.children;
  const found: string[] = [];
  const known = new Set(allowed.map((one) => attribute(one, "name")));
  for (const child of children) if (!known.has(child.name)) found.push(`${path}: ${child.name} is not allowed`);
  const order = children.map((child) => allowed.findIndex((one) => attribute(one, "name") === child.name));
  if (order.some((at, index) => at < (order[index - 1] ?? -1))) found.push(`${path}: wrong order`);
  if (content.name === "choice" && children.length !== 1) found.push(`${path}: one of several`);
  for (const one of allowed) {
    const name = attribute(one, "name") ?? "";
    const of = children.filter((child) => child.name === name);
    const most = attribute(one, "maxOccurs") ?? "1";
    if (content.name === "sequence" && of.length < Number(attribute(one, "minOccurs") ?? 1))
      found.push(`${path}: ${name} is missing`);
    if (most !== "unbounded" && of.length > Number(most)) found.push(`${path}: too many ${name}`);
    for (const child of of) found.push(...problems(schema, child, attribute(one, "type") ?? "", `${path}/${name}`));
  }
  return found;
}

function simple(type: XmlNode, text: string, path: string): string[] {
  const rules = type.children.find(({ name }) => name === "restriction")?.children ?? [];
  const values = (name: string): string[] =>
    rules.filter((rule) => rule.name === name).map((rule) => attribute(rule, "value") ?? "");
  const listed = values("enumeration");
  return [
    ...(listed.length > 0 && !listed.includes(text) ? [`${path}: ${text} is not listed`] : []),
    ...values("pattern").flatMap((one) =>
      new RegExp(`^(?:${one})$`).test(text) ? [] : [`${path}: ${text} is not ${one}`],
    ),
    ...values("maxLength").flatMap((most) => (text.length > Number(most) ? [`${path}: longer than ${most}`] : [])),
    ...values("minLength").flatMap((least) => (text.length < Number(least) ? [`${path}: shorter than ${least}`] : [])),
  ];
}

const order = (bic: string | null, transfers: number) =>
  writeCreditTransfers({
    messageId: "KR-0123456789ABCDEF0123456789ABCDEF".slice(0, 35),
    createdAt: "2026-04-30T08:00:00Z",
    executionOn: "2026-04-30" as PlainDate,
    payer: "Blumenhof Versand GmbH & Co. KG",
    iban: "DE02120300000000202051",
    bic,
    currency: EUR,
    transfers: Array.from({ length: transfers }, (_, at) => ({
      endToEndId: `KR${String(at).padStart(32, "0")}`,
      amountMinor: BigInt(at + 1),
      payee: at === 0 ? "" : "Jürgen Müller-Lüdenscheidt von und zu der langen Anna am Ende der großen Straße in Köln",
      iban: "DE75512108001245126199",
      text: "Erstattung <Blumenhof> & Söhne",
    })),
  });

describe.skipIf(!existsSync(XSD))("pain.001.001.09", () => {
  const schema = existsSync(XSD) ? read(readFileSync(XSD)) : undefined;
  const check = (xml: string): string[] =>
    schema ? problems(schema, read(xml), "Document", "Document") : ["no schema"];

  test.each([
    ["with the bank's BIC", "BYLADEM1001", 3],
    ["without", null, 1],
  ] as const)("fits the schema, %s", (_, bic, transfers) => {
    expect(check(order(bic, transfers))).toEqual([]);
  });

  test("what does not fit is seen", () => {
    const xml = order(null, 2);
    expect(check(xml.replace(/<MsgId>.*?<\/MsgId>/, ""))).toEqual([
      "Document/CstmrCdtTrfInitn/GrpHdr: MsgId is missing",
    ]);
    expect(check(xml.replace(/(<MsgId>.*?<\/MsgId>)\s*(<CreDtTm>.*?<\/CreDtTm>)/, "$2$1"))).toEqual([
      "Document/CstmrCdtTrfInitn/GrpHdr: wrong order",
    ]);
    expect(check(xml.replace(/<IBAN>DE75/, "<IBAN>de75")).join()).toContain("IBAN: de75");
  });
});
