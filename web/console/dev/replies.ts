import { eur } from "./people.ts";

/** What the fixture server reads of a call and how it answers. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}
export type Reply = { readonly status: number; readonly body?: unknown; readonly type?: string };
export const ok = (body: unknown, status = 200): Reply => ({ status, body });
export const none: Reply = { status: 204 };
export const refuse = (status: number, code: string, detail = ""): Reply => ({
  status,
  type: "application/problem+json",
  body: { type: "about:blank", title: code, status, code, detail },
});

export function page<Row>(call: Call, rows: readonly Row[], more: object = {}): Reply {
  const q = call.query.get("q")?.toLowerCase();
  const found = q ? rows.filter((row) => JSON.stringify(row).toLowerCase().includes(q)) : rows;
  const offset = Number(call.query.get("offset") ?? 0);
  return ok({
    rows: found.slice(offset, offset + Number(call.query.get("limit") ?? 100)),
    total: found.length,
    ...more,
  });
}
export const sum = (rows: readonly { readonly open: { readonly amount: string } | null }[]) => [
  eur((rows.reduce((total, row) => total + Math.round(Number(row.open?.amount ?? 0) * 100), 0) / 100).toFixed(2)),
];
