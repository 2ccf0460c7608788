/**
 * XML 1.0 (https://www.w3.org/TR/xml/) as these formats need it: streamed, without document type declarations (entity
 * bombs, external entities), with limits on depth, size and the length of one piece, and with places (`line:column`).
 * Names are given without their prefix: the documents read here never mix two vocabularies with equal local names.
 */
import { SaxesParser } from "saxes";
import { type Failure, FailureError, fail, ok, type Result } from "../../kernel/index.ts";
import { ChunkDecoder, type EncodingFailure, xmlEncoding } from "./encoding.ts";

export type XmlFailure =
  | EncodingFailure
  | Failure<
      | "xml_not_well_formed"
      | "xml_doctype_refused"
      | "xml_too_deep"
      | "xml_piece_too_long"
      | "xml_too_large"
      | "xml_empty"
    >;

export interface XmlLimits {
  readonly depthMax: number;
  /** Characters between two tags, or inside one. */
  readonly pieceCharsMax: number;
  readonly bytesMax: number;
}

export interface XmlNode {
  /** Local name, without prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
  readonly children: XmlNode[];
  readonly line: number;
  readonly column: number;
}

export interface XmlHandler {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  text(text: string): void;
  close(name: string): void;
}

export const localName = (name: string): string => name.slice(name.indexOf(":") + 1);

/** Characters handed to the parser at once: bounds what one piece can grow by before the limit is looked at. */
const SLICE_CHARS = 65_536;

/** Push parser. After the first failure it takes nothing more. Handlers may throw `FailureError` to refuse the content. */
export class XmlStream {
  failure: Failure | null = null;
  private readonly parser = new SaxesParser({ xmlns: false, position: true });
  private readonly limits: XmlLimits;
  private decoder: ChunkDecoder | null = null;
  private head: Uint8Array = new Uint8Array(0);
  private bytes = 0;
  private pieceChars = 0;
  private depth = 0;

  constructor(handler: XmlHandler, limits: XmlLimits) {
    this.limits = limits;
    const { parser } = this;
    parser.on("error", (error) => {
      const reason = error.message.replace(/^[^ ]*?\d+:\d+: /, "").slice(0, 120);
      this.refuse("xml_not_well_formed", `The XML is not well-formed: ${reason}`);
    });
    parser.on("doctype", () =>
      this.refuse(
        "xml_doctype_refused",
        "The file has a document type declaration; such files are refused because they can hide entity bombs.",
      ),
    );
    parser.on("opentag", (tag) => {
      this.pieceChars = 0;
      this.depth += 1;
      if (this.depth > limits.depthMax)
        this.refuse("xml_too_deep", `Elements are nested deeper than ${limits.depthMax} levels.`);
      handler.open(localName(tag.name), tag.attributes as Record<string, string>);
    });
    parser.on("text", (text) => {
      this.pieceChars = 0;
      if (this.depth > 0) handler.text(text);
    });
    parser.on("comment", () => {
      this.pieceChars = 0;
    });
    parser.on("cdata", (text) => {
      this.pieceChars = 0;
      handler.text(text);
    });
    parser.on("closetag", (tag) => {
      this.pieceChars = 0;
      this.depth -= 1;
      handler.close(localName(tag.name));
    });
  }

  get line(): number {
    return this.parser.line;
  }
  get column(): number {
    return this.parser.column;
  }
  get place(): string {
    return `${this.parser.line}:${this.parser.column + 1}`;
  }
  /** True when bytes were found that the declared encoding does not have. */
  get mixedEncoding(): boolean {
    return this.decoder?.mixed ?? false;
  }

  private refuse(code: string, message: string): never {
    throw new FailureError({
      kind: code === "xml_too_large" ? "too_large" : "invalid",
      code,
      message,
      where: this.place,
    });
  }

  private guarded(work: () => void): boolean {
    if (this.failure) return false;
    try {
      work();
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      this.failure = error.failure;
    }
    return this.failure === null;
  }

  private feed(text: string): void {
    for (let at = 0; at < text.length; at += SLICE_CHARS) {
      const slice = text.slice(at, at + SLICE_CHARS);
      this.pieceChars += slice.length;
      this.parser.write(slice);
      if (this.pieceChars > this.limits.pieceCharsMax + SLICE_CHARS)
        this.refuse(
          "xml_piece_too_long",
          `A text, comment or tag is longer than ${this.limits.pieceCharsMax} characters.`,
        );
    }
  }

  private start(): void {
    const encoding = xmlEncoding(this.head);
    if (!encoding.ok) throw new FailureError(encoding.error);
    this.decoder = new ChunkDecoder(encoding.value);
    this.feed(this.decoder.write(this.head));
    this.head = new Uint8Array(0);
  }

  /** False once the input is refused; `failure` says why. */
  write(chunk: Uint8Array): boolean {
    return this.guarded(() => {
      this.bytes += chunk.length;
      if (this.bytes > this.limits.bytesMax)
        this.refuse("xml_too_large", `The file is larger than ${this.limits.bytesMax} bytes.`);
      if (this.decoder) return this.feed(this.decoder.write(chunk));
      this.head = Buffer.concat([this.head, chunk]);
      // The declaration must be seen whole before a decoder can be chosen.
      if (this.head.length >= 400) this.start();
    });
  }

  end(): boolean {
    return this.guarded(() => {
      if (!this.decoder) {
        if (this.head.every((byte) => byte <= 0x20)) this.refuse("xml_empty", "The file is empty.");
        this.start();
      }
      this.feed(this.decoder?.end() ?? "");
      this.parser.close();
    });
  }
}

/** Builds the tree of one element from events; `finished` is true when its end tag was seen. */
export class TreeBuilder {
  readonly root: XmlNode;
  finished = false;
  private readonly stack: XmlNode[];
  private readonly dropped: ReadonlySet<string>;

  /** Texts of elements named in `dropped` are not kept (embedded attachments). */
  constructor(root: XmlNode, dropped: ReadonlySet<string> = new Set()) {
    this.root = root;
    this.stack = [root];
    this.dropped = dropped;
  }
  get open(): XmlNode {
    return this.stack[this.stack.length - 1] ?? this.root;
  }
  push(node: XmlNode): void {
    this.open.children.push(node);
    this.stack.push(node);
  }
  text(text: string): void {
    const { open } = this;
    if (!this.dropped.has(open.name)) open.text += text;
  }
  /** The element that ended. */
  pop(): XmlNode {
    const node = this.open;
    if (node.children.length > 0) node.text = "";
    this.stack.pop();
    this.finished = this.stack.length === 0;
    return node;
  }
}

/** A whole document as a tree, for documents of a page or a few (invoices). */
export function readXmlTree(
  bytes: Uint8Array,
  limits: XmlLimits,
  dropped: ReadonlySet<string> = new Set(),
): Result<XmlNode> {
  let builder: TreeBuilder | null = null;
  const stream: XmlStream = new XmlStream(
    {
      open(name, attributes) {
        const node = { name, attributes, text: "", children: [], line: stream.line, column: stream.column + 1 };
        if (builder) builder.push(node);
        else builder = new TreeBuilder(node, dropped);
      },
      text: (text) => builder?.text(text),
      close: () => builder?.pop(),
    },
    limits,
  );
  if (stream.write(bytes)) stream.end();
  if (stream.failure) return { ok: false, error: stream.failure };
  const root = (builder as TreeBuilder | null)?.root;
  return root ? ok(root) : fail("invalid", "xml_empty", "The file is empty.", "1:1");
}

export function childOf(node: XmlNode | undefined, name: string): XmlNode | undefined {
  if (node) for (const child of node.children) if (child.name === name) return child;
  return undefined;
}
export const childrenOf = (node: XmlNode | undefined, name: string): readonly XmlNode[] =>
  node ? node.children.filter((child) => child.name === name) : [];

/** First element down the path, each step the first of its name. */
export function nodeAt(node: XmlNode | undefined, path: string): XmlNode | undefined {
  let found = node;
  for (let from = 0; found !== undefined && from <= path.length; ) {
    const slash = path.indexOf("/", from);
    const to = slash === -1 ? path.length : slash;
    found = childAt(found, path, from, to);
    from = to + 1;
  }
  return found;
}

/** The first child whose name is that part of the path: asked dozens of times an entry, so nothing is cut out of it. */
function childAt(node: XmlNode, path: string, from: number, to: number): XmlNode | undefined {
  for (const child of node.children)
    if (child.name.length === to - from && path.startsWith(child.name, from)) return child;
  return undefined;
}

/** Text with white space joined, null when absent or empty. */
export function textOf(node: XmlNode | undefined): string | null {
  const text = node?.text.trim();
  return text ? text : null;
}
/** Text of the first of the paths that has one. */
export function textAt(node: XmlNode | undefined, ...paths: readonly string[]): string | null {
  for (const path of paths) {
    const text = textOf(nodeAt(node, path));
    if (text !== null) return text;
  }
  return null;
}
/** First text of the paths in any of the nodes, node by node. */
export function firstTextAt(nodes: readonly XmlNode[], ...paths: readonly string[]): string | null {
  for (const node of nodes) {
    const text = textAt(node, ...paths);
    if (text !== null) return text;
  }
  return null;
}
export const placeOf = (node: XmlNode): string => `${node.line}:${node.column}`;
