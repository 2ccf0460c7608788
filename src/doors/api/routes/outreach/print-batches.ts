/** Letters of a day as one file, for the printer room. */
import { z } from "@hono/zod-openapi";
import { appendAudit } from "../../../../platform/access/index.ts";
import { type ComposerParts, LETTERS_A_FILE, printDays, printedPart } from "../../../../outreach/messaging/index.ts";
import { addDays, ok, type PlainDate } from "../../../../pure/kernel/index.ts";
import { businessDay, knownCreditor } from "../../names.ts";
import { type Api, fileRoute, route } from "../../route.ts";
import { creditorQuery, day } from "../../schema/basics.ts";
import { printDay } from "../../schema/outreach.ts";
import { shown } from "./messages.ts";

/** Days that are listed; an older one can still be asked for. */
const LISTED_DAYS = 31;

export function printBatchRoutes(api: Api): void {
  route(
    api,
    {
      method: "get",
      path: "/print-batches",
      permission: "message.read",
      summary: "Days of the last month on which letters left, newest first",
      query: creditorQuery,
      answer: z.array(printDay),
    },
    (call) =>
      call.act(async (act) => {
        const creditor = await knownCreditor(act, call.query.creditor);
        if (!creditor.ok) return creditor;
        const from = addDays(await businessDay(act, creditor.value), -LISTED_DAYS);
        const days = await printDays(act, from, creditor.value);
        return ok(days.map((one) => ({ ...one, files: Math.ceil(one.letters / LETTERS_A_FILE) })));
      }),
  );
  fileRoute(
    api,
    {
      path: "/print-batches/{day}",
      permission: "message.read",
      summary: "All letters of a day in one PDF, a hundred a file; set again, the same bytes every time",
      params: z.strictObject({ day }),
      query: creditorQuery.extend({ part: z.coerce.number().int().min(1).max(10_000).default(1) }),
      gives: ["application/pdf"],
    },
    async (call) => {
      const { deps, caller, query } = call;
      const creditor = await call.act((act) => knownCreditor(act, query.creditor));
      if (!creditor.ok) return creditor;
      const on = call.params.day as PlainDate;
      const parts: ComposerParts = {
        platform: deps.platform,
        tenantId: caller.tenantId,
        printer: deps.printer,
        publicUrl: () => deps.settings.publicUrl,
      };
      const wanted = { day: on, part: query.part, creditorId: creditor.value };
      const pdf = await printedPart(parts, call.act, wanted);
      if (!pdf.ok) return pdf;
      await call.act(async (act) => {
        await appendAudit(act, { act: "print_batch.opened", details: { day: on, part: query.part } });
        return ok(true);
      });
      const name = `druckstapel-${on}${query.part > 1 ? `-${query.part}` : ""}.pdf`;
      return ok(
        shown(
          pdf.value,
          "application/pdf",
          "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'",
          name,
        ),
      );
    },
  );
}
