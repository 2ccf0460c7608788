/**
 * What customers do behind their link, and colleagues in the console, as the plan says. Each act is one transaction and
 * is recognised when it was done before (its traces carry the moment of the step), so a step can be played again.
 */
import { type Act, type Actor, type Platform, withAct } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import { findCustomersBy } from "../../books/customers/index.ts";
import { createTask, holdIsActive, holdsOf, liftHold, placeHold } from "../../books/receivables/index.ts";
import { confirmProposal } from "../../books/matching/index.ts";
import { matchesOfFile } from "../../books/intake/index.ts";
import {
  type Message,
  messages,
  type PortalAct,
  type PortalLink,
  portalLink,
  recordTry,
  recordVisit,
  sealedParts,
} from "../../outreach/messaging/index.ts";
import { addDays, type CustomerId, dateIn, expectOk, type PlainDate } from "../../pure/kernel/index.ts";
import { DEMO_ZONE } from "./clock.ts";
import type { DemoAct } from "./plan.ts";
import type { DemoHouse } from "./set-up.ts";

/** `waiting`: nothing to do it on (no message came yet, or the proposal is another one). */
export type ActOutcome = "done" | "before" | "waiting";

/** Days that all pauses after "I have paid", after a call-back was wished, after "something is wrong". */
const CLAIMED_PAID_DAYS = 10;
const CALLBACK_DAYS = 5;

export async function playAct(platform: Platform, house: DemoHouse, scene: DemoAct): Promise<ActOutcome> {
  const agent: Actor = { kind: "user", id: house.users.agent, role: "agent" };
  switch (scene.act) {
    case "confirm_proposal":
      return withAct(platform, house.tenantId, agent, (act) => confirm(act, scene));
    case "place_hold":
    case "lift_hold":
      return withAct(platform, house.tenantId, agent, (act) => hold(act, scene));
    default:
      return inPortal(platform, house, scene);
  }
}

async function customerOf(act: Act, number: string): Promise<CustomerId | undefined> {
  return (await findCustomersBy(act, "customer_number", [number])).get(number)?.[0];
}

const today = (act: Act): PlainDate => dateIn(act.tx.now, DEMO_ZONE);

/** A colleague knows whose money it is: the proposal with exactly these invoices is confirmed, any other is left. */
async function confirm(act: Act, scene: Extract<DemoAct, { act: "confirm_proposal" }>): Promise<ActOutcome> {
  const name = scene.file.split("/").at(-1) ?? scene.file;
  const found = expectOk(await matchesOfFile(act, name)).find(({ entry }) => entry === scene.entry);
  if (found?.status !== "proposed") return "before";
  const wanted = [...scene.numbers].sort().join();
  const index = found.proposals.findIndex(
    ({ items }) =>
      items
        .flatMap(({ number }) => number ?? [])
        .sort()
        .join() === wanted,
  );
  if (index < 0) return "waiting";
  expectOk(await confirmProposal(act, found.entryId, index));
  return "done";
}

async function hold(act: Act, scene: Extract<DemoAct, { act: "place_hold" | "lift_hold" }>): Promise<ActOutcome> {
  const customerId = await customerOf(act, scene.customer);
  if (!customerId) return "waiting";
  const all = (await holdsOf(act, [customerId], "all")).get(customerId) ?? [];
  const manual = all.filter(({ ground }) => ground === "manual");
  if (scene.act === "place_hold") {
    if (manual.length > 0) return "before";
    const { until: endsOn, comment } = scene;
    expectOk(await placeHold(act, { customerId, ground: "manual", startsOn: today(act), endsOn, comment }));
    return "done";
  }
  const standing = manual.find((one) => holdIsActive(one, today(act)));
  if (!standing) return "before";
  expectOk(await liftHold(act, customerId, standing.holdId));
  return "done";
}

const VISITS: Readonly<Record<string, PortalAct>> = {
  open_pay_page: "giro_shown",
  i_have_paid: "paid_claimed",
  call_me: "callback",
  something_is_wrong: "dispute",
};

/** The secret of the newest message's link, read as the customer reads it: in the message. */
async function linkOf(act: Act, customerId: CustomerId): Promise<PortalLink | undefined> {
  const left = (await messages(act, { customerId, states: ["left"] })).filter(({ kind }) => kind === "ask");
  for (const message of left) {
    const secret = await secretIn(act, message);
    const link = secret === undefined ? undefined : await portalLink(act, secret);
    if (link?.caseState === "open" && link.lockedAt === null && link.expiresAt > act.tx.now) return link;
  }
  return undefined;
}

async function secretIn(act: Act, message: Message): Promise<string | undefined> {
  const parts = await sealedParts(act, message);
  if (!parts?.rendering) return undefined;
  const seal = await act.vault.forCustomer(act.tx, message.customerId);
  const { text } = JSON.parse(expectOk(seal.openText("records", "message_rendering", parts.rendering))) as {
    text: string;
  };
  return /\/p\/([0-9A-Za-z-]{12,26})/.exec(text)?.[1];
}

type PortalScene = Extract<DemoAct, { act: "open_pay_page" | "i_have_paid" | "call_me" | "something_is_wrong" }>;

async function inPortal(platform: Platform, house: DemoHouse, scene: PortalScene): Promise<ActOutcome> {
  const reader: Actor = { kind: "system", id: "demo" };
  const link = await withAct(platform, house.tenantId, reader, async (act) => {
    const customerId = await customerOf(act, scene.customer);
    return customerId && linkOf(act, customerId);
  });
  if (!link) return "waiting";
  return withAct(platform, house.tenantId, { kind: "portal", id: link.linkId }, async (act) => {
    const visit = VISITS[scene.act] as PortalAct;
    await act.tx.one(sql`select from customer where customer_id = ${link.customerId} for update`);
    const before = await act.tx.one(sql`
      select from portal_visit where customer_id = ${link.customerId} and at = ${act.tx.now} and act = ${visit} limit 1`);
    if (before) return "before";
    // Through the door first: the right second factor.
    await recordTry(act, link, true);
    await recordVisit(act, link, visit);
    await answer(act, link, scene);
    return "done";
  });
}

async function answer(act: Act, { customerId, caseId }: PortalLink, scene: PortalScene): Promise<void> {
  const day = today(act);
  const base = { customerId, caseId, startsOn: day };
  switch (scene.act) {
    case "open_pay_page":
      return;
    case "i_have_paid":
      expectOk(await placeHold(act, { ...base, ground: "claimed_paid", endsOn: addDays(day, CLAIMED_PAID_DAYS) }));
      return;
    case "call_me":
      expectOk(await placeHold(act, { ...base, ground: "callback", endsOn: addDays(day, CALLBACK_DAYS) }));
      await createTask(act, { customerId, caseId, kind: "callback", text: scene.window, dueOn: addDays(day, 1) });
      return;
    case "something_is_wrong":
      expectOk(await placeHold(act, { ...base, ground: "dispute" }));
      await createTask(act, { customerId, caseId, kind: "dispute", text: scene.text, dueOn: addDays(day, 3) });
  }
}
