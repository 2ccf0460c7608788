/** Customers: list and search, items, documents, holds, notes, write-off proposals. */
import { z } from "@hono/zod-openapi";
import {
  type CustomerStanding,
  customerStandings,
  documentLines,
  documentOwner,
  itemLines,
  type Order,
} from "../../../oversight/insight/index.ts";
import { type Act, appendAudit } from "../../../platform/access/index.ts";
import { customerLines, type HitGround } from "../../../books/customers/index.ts";
import { document, findCustomers } from "../../../books/receivables/index.ts";
import { type CustomerId, fail, ok, type ReceivableId, type Result } from "../../../pure/kernel/index.ts";
import { type Answered, arranged, limitOf, type ListParameters, listRoute, sortingOf, unsortable } from "../list.ts";
import { businessDay, knownCreditor } from "../names.ts";
import { type Api, fileRoute, route } from "../route.ts";
import { moneyOf, say } from "../said/index.ts";
import { creditorQuery, id, type Language, yesNo } from "../schema/basics.ts";
import { customer, customerDocument, customerRow, item, itemDetail } from "../schema/customers.ts";
import { customerPage } from "../present/customer-page.ts";
import { itemOf, itemDetailOf } from "../present/items.ts";
import { stageName } from "../present/run-preview.ts";
import { opened } from "./customer-acts.ts";

type CustomerRow = z.infer<typeof customerRow>;
const customerParams = z.strictObject({ customerId: id });
/** Found by a search at most; the console asks for ten. */
const HITS = 200;
/** Lists sorted by a sealed value (name, street, town) are opened whole: up to so many. */
const OPENED = 5_000;

const COLUMNS: Readonly<Record<string, string>> = {
  number: "number",
  kind: "kind",
  open: "open",
  overdue: "overdue",
  oldestDue: "oldest_due",
  stage: "stage",
  held: "held",
  restricted: "restricted",
};
const SEALED = new Set(["name", "street", "town"]);

interface CustomerQuery extends ListParameters {
  readonly kind?: "consumer" | "business" | undefined;
  readonly stage?: string | undefined;
  readonly held?: "yes" | "no" | undefined;
  readonly overdue?: "yes" | "no" | undefined;
  readonly agefrom?: number | undefined;
  readonly ageto?: number | undefined;
}

async function listCustomers(
  act: Act,
  query: CustomerQuery,
  language: Language,
): Promise<Result<Answered<CustomerRow>>> {
  const creditor = await knownCreditor(act, query.creditor);
  if (!creditor.ok) return creditor;
  const hits = new Map<CustomerId, HitGround>();
  const text = query.q?.trim() ?? "";
  if (text !== "") {
    const found = await findCustomers(act, text, HITS);
    // Too little to look for yet: somebody is typing.
    if (!found.ok && found.error.code !== "search_text_missing") return found;
    if (found.ok) for (const hit of found.value) hits.set(hit.customerId, hit.ground);
  }
  const sorting = sortingOf(query.sort);
  const column = sorting && COLUMNS[sorting.field];
  const sealed = sorting !== undefined && SEALED.has(sorting.field);
  if (sorting && column === undefined && !sealed) return unsortable(sorting.field);
  // Hits stand in the order of the search; they fit into memory.
  const inMemory = sealed || (text !== "" && column === undefined);
  const order: Order[] = [
    ...(column && sorting ? [{ column, descending: sorting.descending }] : [{ column: "overdue", descending: true }]),
    { column: "number" },
    { column: "customer_id" },
  ];
  const page = await customerStandings(
    act,
    {
      ...(text !== "" && { among: [...hits.keys()] }),
      ...(creditor.value !== undefined && { creditorId: creditor.value }),
      ...(query.kind !== undefined && { kind: query.kind }),
      ...(query.stage !== undefined && { stage: query.stage }),
      ...(query.held !== undefined && { held: query.held === "yes" }),
      ...(query.overdue !== undefined && { overdue: query.overdue === "yes" }),
      ...(query.agefrom !== undefined && { ageFrom: query.agefrom }),
      ...(query.ageto !== undefined && { ageTo: query.ageto }),
    },
    await businessDay(act, creditor.value),
    inMemory ? { order, limit: OPENED, offset: 0 } : { order, limit: limitOf(query), offset: query.offset ?? 0 },
  );
  if (inMemory && page.total > OPENED)
    return fail(
      "invalid",
      "sort_too_large",
      `Names are sealed: filter to ${OPENED} customers to sort by them.`,
      "sort",
    );
  const rows = await rowsOf(act, page.rows, hits, language);
  const sums = [...page.sums].map(([currency, minor]) => moneyOf(minor, currency));
  if (!inMemory) return ok({ rows, total: page.total, sums });
  if (!sealed) {
    const rank = [...hits.keys()];
    rows.sort((a, b) => rank.indexOf(a.id as CustomerId) - rank.indexOf(b.id as CustomerId));
  }
  const cut = arranged(rows, { ...query, ...(sealed ? {} : { sort: undefined }) }, { search: false });
  return cut.ok ? ok({ ...cut.value, sums }) : cut;
}

async function rowsOf(
  act: Act,
  standings: readonly CustomerStanding[],
  hits: ReadonlyMap<CustomerId, HitGround>,
  language: Language,
): Promise<CustomerRow[]> {
  const lines = await customerLines(
    act,
    standings.map((one) => one.customer_id),
  );
  return standings.map((one) => {
    const line = lines.get(one.customer_id);
    const currency = one.currency ?? "EUR";
    const ground = hits.get(one.customer_id);
    return {
      id: one.customer_id,
      number: one.number,
      name: line?.name ?? "",
      kind: one.kind,
      town: line?.city ?? null,
      street: line?.street ?? null,
      open: moneyOf(one.open, currency),
      overdue: moneyOf(one.overdue, currency),
      oldestDue: one.oldest_due,
      stage: stageName(language, one.stage),
      held: one.held,
      restricted: one.restricted,
      ...(ground && { hit: say(language, `hit_${ground}`) }),
    };
  });
}

const integer = z.coerce.number().int().min(0).max(100_000).optional();

export function customerRoutes(api: Api): void {
  listRoute(
    api,
    {
      path: "/customers",
      permission: "customer.search",
      summary: "Customers; `q` is the clerk's search and is written down",
      filters: {
        kind: z.enum(["consumer", "business"]).optional(),
        stage: z.string().max(41).optional(),
        held: yesNo,
        overdue: yesNo,
        agefrom: integer,
        ageto: integer,
      },
      row: customerRow,
      columns: ["number", "name", "kind", "street", "town", "open", "overdue", "oldestDue", "stage", "held"],
    },
    ({ act, query, language }) => act((one) => listCustomers(one, query as CustomerQuery, language)),
  );
  route(
    api,
    {
      method: "get",
      path: "/customers/{customerId}",
      permission: "customer.read",
      summary: "The file of a customer; opening it is written down",
      params: customerParams,
      query: creditorQuery,
      answer: customer,
    },
    ({ act, params, query, language }) =>
      act(async (one) => {
        const creditor = await knownCreditor(one, query.creditor);
        return creditor.ok ? customerPage(one, params.customerId as CustomerId, creditor.value, language) : creditor;
      }),
  );
  listRoute(
    api,
    {
      path: "/customers/{customerId}/items",
      permission: "receivable.read",
      summary: "Items of a customer",
      params: customerParams,
      filters: { state: z.enum(["open", "settled"]).optional() },
      row: item,
      columns: [
        "number",
        "orderNumber",
        "kind",
        "creditor",
        "brand",
        "issuedOn",
        "dueOn",
        "inDefaultSince",
        "state",
        "original",
        "open",
        "stage",
      ],
    },
    ({ act, params, query, language }) =>
      act((one) =>
        opened(one, params.customerId, async (customerId) => {
          const lines = (await itemLines(one, customerId)).filter(
            (line) =>
              (query.creditor === undefined || line.creditor_id === query.creditor) &&
              (query["state"] === undefined || (line.open_total !== 0n) === (query["state"] === "open")),
          );
          const items = await Promise.all(lines.map((line) => itemOf(one, line, language)));
          return arranged(items, query, { sum: "open" });
        }),
      ),
  );
  route(
    api,
    {
      method: "get",
      path: "/customers/{customerId}/items/{itemId}",
      permission: "receivable.read",
      summary: "An item with its postings and what may be claimed today",
      params: z.strictObject({ customerId: id, itemId: id }),
      answer: itemDetail,
    },
    ({ act, params, language }) =>
      act((one) =>
        opened(one, params.customerId, (customerId) =>
          itemDetailOf(one, customerId, params.itemId as ReceivableId, language),
        ),
      ),
  );
  listRoute(
    api,
    {
      path: "/customers/{customerId}/documents",
      permission: "receivable.read",
      summary: "Original invoices of a customer",
      params: customerParams,
      filters: {},
      row: customerDocument,
      columns: ["name", "kind", "mediaType", "bytes", "at"],
    },
    ({ act, params, query }) =>
      act((one) =>
        opened(one, params.customerId, async (customerId) => {
          const rows = (await documentLines(one, customerId)).map((line) => ({
            id: line.document_id,
            kind: "invoice" as const,
            name: fileName(line.number, line.media_type),
            mediaType: line.media_type,
            bytes: line.bytes,
            at: line.created_at.toISOString(),
            itemId: line.receivable_id,
          }));
          return arranged(rows, query);
        }),
      ),
  );
  fileRoute(
    api,
    {
      path: "/documents/{documentId}",
      permission: "receivable.read",
      summary: "A document as it came; PDF and images to look at, everything else to keep",
      params: z.strictObject({ documentId: id }),
      gives: ["application/pdf", "application/xml", "application/octet-stream"],
    },
    async ({ act, params }) => {
      const found = await act(async (one) => {
        const owner = await documentOwner(one, params.documentId);
        if (!owner) return fail("not_found", "document_not_found", "There is no such document.", params.documentId);
        return opened(one, owner.customerId, async (customerId) => {
          const file = await document(one, customerId, params.documentId);
          if (!file.ok) return file;
          await appendAudit(one, { act: "document.opened", subject: params.documentId });
          return ok({ ...file.value, name: fileName(owner.number, file.value.mediaType) });
        });
      });
      return found.ok ? ok(fileAnswer(found.value.bytes, found.value.mediaType, found.value.name)) : found;
    },
  );
}

/** `2026-0017.pdf`: the number of the invoice, without what a file name can't have. */
function fileName(number: string, mediaType: string): string {
  const kind = { "application/pdf": "pdf", "application/xml": "xml", "text/xml": "xml" }[mediaType] ?? "bin";
  return `${number.replace(/[^A-Za-z0-9._-]+/g, "-").slice(0, 80) || "document"}.${kind}`;
}

/** Only what a browser shows without running anything is shown; the rest is kept as a file. */
const SHOWN: ReadonlySet<string> = new Set(["application/pdf", "image/png", "image/jpeg", "image/webp"]);

export function fileAnswer(bytes: Uint8Array, mediaType: string, name: string): Response {
  const shown = SHOWN.has(mediaType);
  return new Response(new Uint8Array(bytes), {
    headers: {
      "content-type": shown ? mediaType : "application/octet-stream",
      "content-disposition": `${shown ? "inline" : "attachment"}; filename="${name}"`,
      // A PDF's own viewer needs no more than this; nothing in the file may load or run.
      "content-security-policy":
        "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'",
      "x-frame-options": "SAMEORIGIN",
    },
  });
}
