/**
 * What customers do behind their link, and colleagues in the console, as the plan says. Each act is one transaction and
 * is recognised when it was done before (its traces carry the moment of the step), so a step can be played again.
 */
import { type Act, type Actor, type Platform, withAct } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import { customerFacts, findCustomersBy, lockCustomer } from "../../books/customers/index.ts";
import { holdIsActive, holdsOf, liftHold, placeHold, receivablesOf } from "../../books/receivables/index.ts";
import { confirmProposal } from "../../books/matching/index.ts";
import { matchesOfFile } from "../../books/intake/index.ts";
import {
  type Message,
  messages,
  type PortalAct,
  type PortalLink,
  portalLink,
  recordVisit,
  sealedParts,
} from "../../outreach/messaging/index.ts";
import { addDays, type CustomerId, dateIn, expectOk, type Instant, type PlainDate } from "../../pure/kernel/index.ts";
import { askForCall, callDays, claimPaid, knock, raiseDispute, stateOf } from "../portal/index.ts";
import { DEMO_ZONE } from "./clock.ts";
import type { DemoAct } from "./plan.ts";
import type { DemoHouse } from "./set-up.ts";

/** `waiting`: nothing to do it on (no message came yet, or the proposal is another one). */
export type ActOutcome = "done" | "before" | "waiting";

export interface PlayOptions {
  readonly onAck?:
    | ((booked: { readonly kind: "payment booked"; readonly id: string; readonly at: Instant }) => void)
    | undefined;
}

export async function playAct(
  platform: Platform,
  house: DemoHouse,
  scene: DemoAct,
  { onAck }: PlayOptions = {},
): Promise<ActOutcome> {
  const agent: Actor = { kind: "user", id: house.users.agent, role: "agent" };
  switch (scene.act) {
    case "review_statement":
      return review(platform, house, agent, scene, onAck);
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
async function review(
  platform: Platform,
  house: DemoHouse,
  agent: Actor,
  scene: Extract<DemoAct, { act: "review_statement" }>,
  onAck: PlayOptions["onAck"],
): Promise<ActOutcome> {
  const entries = await withAct(platform, house.tenantId, agent, (act) =>
    matchesOfFile(act, scene.file.split("/").at(-1)),
  );
  if (!entries.ok) return "waiting";
  const key = (numbers: readonly (string | null)[]): string =>
    numbers
      .filter((number) => number !== null)
      .sort()
      .join();
  let outcome: ActOutcome = "before";
  for (const { entry, numbers } of scene.truth) {
    const found = entries.value.find((one) => one.entry === entry && one.status === "proposed");
    const index = found?.proposals.findIndex(({ items }) => key(items.map(({ number }) => number)) === key(numbers));
    if (!found || index === undefined || index < 0) continue;
    await withAct(platform, house.tenantId, agent, async (act) => {
      const booked = expectOk(await confirmProposal(act, found.entryId, index));
      const { now: at } = act.tx;
      act.tx.afterCommit(() => onAck?.({ kind: "payment booked", id: booked.matchId, at }));
    });
    outcome = "done";
  }
  return outcome;
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

interface Invitation {
  readonly secret: string;
  readonly link: PortalLink;
}

/**
 * The newest message's link, read as the customer reads it: in the message. What left in this very step is not read yet,
 * so that a step played again finds what it found before.
 */
async function invitationOf(act: Act, customerId: CustomerId): Promise<Invitation | undefined> {
  const left = await messages(act, { customerId, states: ["left"] });
  for (const message of left) {
    if (message.leftAt === null || message.leftAt >= act.tx.now) continue;
    const secret = await secretIn(act, message);
    const link = secret === undefined ? undefined : await portalLink(act, secret);
    if (secret !== undefined && link?.caseState === "open" && link.lockedAt === null && link.expiresAt > act.tx.now)
      return { secret, link };
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
  const invitation = await withAct(platform, house.tenantId, reader, async (act) => {
    const customerId = await customerOf(act, scene.customer);
    return customerId && invitationOf(act, customerId);
  });
  if (!invitation) return "waiting";
  const { secret, link } = invitation;
  return withAct(platform, house.tenantId, { kind: "portal", id: link.linkId }, async (act) => {
    const visit = VISITS[scene.act] as PortalAct;
    await lockCustomer(act, link.customerId);
    const before = await act.tx.one(sql`
      select from portal_visit where customer_id = ${link.customerId} and at = ${act.tx.now} and act = ${visit} limit 1`);
    if (before) return "before";
    const door = await knock(act, secret, link, "postcode", scene.postcode);
    if (door.kind !== "open") throw new Error(`the portal's door stayed shut: ${door.kind}`);
    await recordVisit(act, link, visit);
    await answer(act, link, scene);
    return "done";
  });
}

async function answer(act: Act, link: PortalLink, scene: PortalScene): Promise<void> {
  const { customerId, caseId } = link;
  const of = { customerId, caseId };
  switch (scene.act) {
    case "open_pay_page":
      return;
    case "i_have_paid":
      expectOk(await claimPaid(act, { ...of, paidOn: addDays(today(act), -1) }));
      return;
    case "call_me": {
      const facts = (await customerFacts(act, [customerId])).get(customerId);
      const [on] = facts ? callDays(today(act), stateOf(facts)) : [];
      if (on === undefined) throw new Error("the portal offers no day for a call");
      const { from, to, phone } = scene;
      expectOk(await askForCall(act, { ...of, on, from, to, phone }));
      return;
    }
    case "something_is_wrong": {
      const items = (await receivablesOf(act, customerId)).filter(
        (item) => item.caseId === caseId && item.openTotal > 0n,
      );
      const { reason, words } = scene;
      const receivableIds = items.map(({ receivableId }) => receivableId);
      expectOk(await raiseDispute(act, { ...of, receivableIds, reason, words }));
    }
  }
}
