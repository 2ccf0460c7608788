/** What a person does with a customer: holds, notes, write-off proposals. */
import { z } from "@hono/zod-openapi";
import { type Act, appendAudit } from "../../../platform/access/index.ts";
import { addNote, mayOpenCustomer } from "../../../books/customers/index.ts";
import {
  createTask,
  type HoldGround,
  holdsOf,
  liftHold,
  placeHold,
  receivables,
} from "../../../books/receivables/index.ts";
import {
  type Currency,
  type CustomerId,
  fail,
  moneyFromText,
  ok,
  type PlainDate,
  type ReceivableId,
  type Result,
} from "../../../pure/kernel/index.ts";
import { actorNames, businessDay } from "../names.ts";
import { type Api, route } from "../route.ts";
import { id, type Language } from "../schema/basics.ts";
import { hold, made, newHold, newNote, workItem, writeOffProposal } from "../schema/customers.ts";
import { workItemById } from "./worklist.ts";

const customerParams = z.strictObject({ customerId: id });

/** Every route below a customer asks first whether this file may be opened. */
export async function opened<T>(
  act: Act,
  customerId: string,
  work: (id: CustomerId) => Promise<Result<T>>,
): Promise<Result<T>> {
  const may = await mayOpenCustomer(act, customerId as CustomerId);
  return may.ok ? work(customerId as CustomerId) : may;
}

async function holdById(act: Act, customerId: CustomerId, holdId: string, language: Language) {
  const found = ((await holdsOf(act, [customerId], "all")).get(customerId) ?? []).find((one) => one.holdId === holdId);
  if (!found) return fail("not_found", "hold_unknown", "There is no such hold.", holdId);
  const nameOf = await actorNames(act, [found.author], language);
  return ok({
    id: found.holdId,
    ground: found.ground,
    note: found.comment ?? null,
    itemId: found.receivableId ?? null,
    author: nameOf(found.author),
    from: found.startsOn,
    until: found.endsOn ?? null,
    endedAt: found.liftedAt?.toISOString() ?? null,
  });
}

export function customerActRoutes(api: Api): void {
  route(
    api,
    {
      method: "post",
      path: "/customers/{customerId}/holds",
      permission: "hold.set",
      summary: "Set a hold",
      params: customerParams,
      body: newHold,
      answer: hold,
      status: 201,
    },
    ({ act, params, body, language }) =>
      act((one) =>
        opened(one, params.customerId, async (customerId) => {
          if (body.itemId !== null && (await receivables(one, customerId, [body.itemId as ReceivableId])).length === 0)
            return fail("not_found", "receivable_not_found", "There is no such item.", "itemId");
          const placed = await placeHold(one, {
            customerId,
            ground: body.ground as HoldGround,
            startsOn: await businessDay(one),
            ...(body.until !== null && { endsOn: body.until as PlainDate }),
            ...(body.itemId !== null && { receivableId: body.itemId as ReceivableId }),
            ...(body.note !== null && { comment: body.note }),
          });
          if (!placed.ok) return placed;
          await appendAudit(one, {
            act: "hold.set",
            subject: placed.value,
            details: { customer: customerId, ground: body.ground },
          });
          return holdById(one, customerId, placed.value, language);
        }),
      ),
  );
  route(
    api,
    {
      method: "post",
      path: "/customers/{customerId}/holds/{holdId}/end",
      permission: "hold.release",
      summary: "Lift a hold",
      params: z.strictObject({ customerId: id, holdId: id }),
      answer: hold,
    },
    ({ act, params, language }) =>
      act((one) =>
        opened(one, params.customerId, async (customerId) => {
          const known = await holdById(one, customerId, params.holdId, language);
          if (!known.ok) return known;
          const lifted = await liftHold(one, customerId, params.holdId);
          if (!lifted.ok) return lifted;
          await appendAudit(one, { act: "hold.lifted", subject: params.holdId, details: { customer: customerId } });
          return holdById(one, customerId, params.holdId, language);
        }),
      ),
  );
  route(
    api,
    {
      method: "post",
      path: "/customers/{customerId}/notes",
      permission: "customer.edit",
      summary: "Write a note",
      params: customerParams,
      body: newNote,
      answer: made,
      status: 201,
    },
    ({ act, params, body }) =>
      act((one) =>
        opened(one, params.customerId, async (customerId) => {
          const noted = await addNote(one, customerId, body.text);
          return noted.ok ? ok({ id: noted.value }) : noted;
        }),
      ),
  );
  route(
    api,
    {
      method: "post",
      path: "/customers/{customerId}/write-offs",
      permission: "receivable.write_off",
      summary: "Propose to write off; a person with the limit decides",
      params: customerParams,
      body: writeOffProposal,
      answer: workItem,
      status: 201,
    },
    (call) =>
      call.act((one) =>
        opened(one, call.params.customerId, async (customerId) => {
          const { itemId, amount, reason } = call.body;
          const [owed] = await receivables(one, customerId, [itemId as ReceivableId]);
          if (!owed) return fail("not_found", "receivable_not_found", "There is no such item.", "itemId");
          const read = moneyFromText(amount.amount, amount.currency as Currency);
          if (!read.ok) return read;
          if (amount.currency !== owed.currency || read.value.minor <= 0n || read.value.minor > owed.openTotal)
            return fail("invalid", "amount_not_open", "At most what is open can be written off.", "amount");
          const taskId = await createTask(one, {
            customerId,
            receivableId: owed.receivableId,
            ...(owed.caseId !== undefined && { caseId: owed.caseId }),
            kind: "write_off",
            amountMinor: read.value.minor,
            currency: owed.currency,
            text: reason,
            dueOn: await businessDay(one, owed.creditorId),
          });
          await appendAudit(one, { act: "write_off.proposed", subject: taskId, details: { customer: customerId } });
          return workItemById(one, taskId, call.caller, call.language);
        }),
      ),
  );
}
