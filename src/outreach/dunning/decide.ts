/**
 * The decision: pure, replayable, one function for run, event, explain and simulation.
 * Guards come in a fixed order and all of them speak; nothing is sent while one does.
 */
import { addDays, maxDate, type PlainDate } from "../../pure/kernel/index.ts";
import { germanState, nextWorkingDay } from "../../pure/law/index.ts";
import {
  bankDataBlockers,
  type Blocker,
  channelBlockers,
  findingBlockers,
  frequencyBlockers,
  holdBlockers,
  type MessageChannel,
  outboxBlockers,
} from "../messaging/index.ts";
import type { Advice, Candidate, Choice, Decision, Situation, SituationItem } from "./model.ts";
import type { Stage, Strategy, Tone } from "./strategy.ts";

const TONES: readonly Tone[] = ["friendly", "factual", "firm"];
const NOTHING: Choice = { receivableIds: [], itemStages: {} };

/** Position in the ladder; −1: before the first stage (or a stage the strategy no longer has). */
const stageIndex = (strategy: Strategy, key: string | undefined): number =>
  strategy.stages.findIndex((stage) => stage.key === key);

/** An item that is dunned at all: an open invoice that is still ours. */
const isDunnable = (item: SituationItem): boolean =>
  item.itemKind === "invoice" && BigInt(item.openMinor) > 0n && !item.assigned;

interface NextStep {
  readonly item: SituationItem;
  readonly stage: Stage;
  /** First day on which the stage may be taken. */
  readonly on: PlainDate;
}

/**
 * Where an item goes next and from when. It enters at the stage its age deserves, but never past a stage that the law
 * needs (one with an effect) and it was not told of; later stages keep their distance to the one before.
 */
function nextStep(strategy: Strategy, item: SituationItem, today: PlainDate): NextStep | undefined {
  const current = stageIndex(strategy, item.stage);
  let index = current + 1;
  // A note before the due date that was missed is not caught up.
  while (item.dueOn <= today && (strategy.stages[index]?.days ?? 0) < 0) index += 1;
  while (index + 1 < strategy.stages.length) {
    const stage = strategy.stages[index];
    const following = strategy.stages[index + 1];
    if (!stage || !following) break;
    const passable = stage.effect === "none" || stage.automation === "off";
    if (!passable || addDays(item.dueOn, following.days) > today) break;
    index += 1;
  }
  const stage = strategy.stages[index];
  if (!stage) return undefined;
  const byAge = addDays(item.dueOn, stage.days);
  const byDistance = item.stageOn === undefined ? byAge : addDays(item.stageOn, stage.afterPreviousDays);
  return { item, stage, on: maxDate(byAge, byDistance) };
}

function caseBlockers(strategy: Strategy, situation: Situation, lead: Stage, nettedMinor: bigint): Blocker[] {
  const day = situation.businessDate;
  const blockers: Blocker[] = [];
  if (situation.customerCountry !== "DE" || situation.creditorCountry !== "DE")
    if (lead.effect !== "none")
      blockers.push({
        name: "country_unsupported",
        restsOn: "law",
        facts: { customer: situation.customerCountry, creditor: situation.creditorCountry },
      });
  blockers.push(
    ...holdBlockers(
      situation.contact.holds.filter((hold) => hold.receivableId === undefined),
      day,
    ),
  );
  if (situation.peaceUntil !== undefined && situation.peaceUntil >= day)
    blockers.push({ name: "peace", restsOn: "message.term", until: situation.peaceUntil });
  // A consequence that no notice named is not drawn.
  if (lead.effect === "hand_over" && situation.announcesHandOver === false)
    blockers.push({ name: "hand_over_not_announced", restsOn: "creditor.settings.agencyName" });
  if (lead.effect !== "hand_over") {
    blockers.push(...frequencyBlockers(situation.contact, situation.contactRules, day));
    blockers.push(...channelBlockers(situation.contact, lead.channels));
  }
  blockers.push(...outboxBlockers(situation.contact));
  blockers.push(...bankDataBlockers(situation.bankData, day));
  const minimum = BigInt(strategy.guardRails.minimumMinor[situation.currency] ?? 0);
  if (nettedMinor <= 0n) blockers.push({ name: "credit_covers", restsOn: "§ 387 BGB" });
  else if (nettedMinor < minimum)
    blockers.push({
      name: "below_minimum",
      restsOn: "strategy.guardRails.minimumMinor",
      facts: { minimum: String(minimum) },
    });
  if (lead.automation === "off") blockers.push({ name: "stage_off", restsOn: "strategy.stages.automation" });
  if (lead.effect === "hand_over" && situation.handOverProposed)
    blockers.push({ name: "waits_for_person", restsOn: "Art. 22 GDPR" });
  if (lead.effect === "hand_over" && situation.handOverDecided === "refused")
    blockers.push({ name: "hand_over_refused", restsOn: "Art. 22 GDPR" });
  // What was given away is no longer ours to ask for.
  if (situation.handOverDecided === "approved") blockers.push({ name: "hand_over_approved", restsOn: "Art. 22 GDPR" });
  return blockers;
}

function weigh(situation: Situation, stage: Stage): Candidate[] {
  const ceiling = TONES.indexOf(situation.toneCeiling);
  return stage.channels.flatMap((channel) =>
    stage.tones.map((tone): Candidate => {
      const reach = situation.contact.reach[channel];
      if (reach !== "usable") return { channel, tone, allowed: false, ground: `reach_${reach}` };
      if (TONES.indexOf(tone) > ceiling) return { channel, tone, allowed: false, ground: "tone_ceiling" };
      return { channel, tone, allowed: true };
    }),
  );
}

/**
 * @param _advice stored with the decision; an empty one leaves the strategy's order of channels and tones alone
 * @param _seed stored with the decision; chance enters only where an advice explores
 * @returns outcome with all blockers, latest end last; `contact` has a choice that can be carried out as it stands
 */
export function decide(strategy: Strategy, situation: Situation, _advice: Advice, _seed: number): Decision {
  const today = situation.businessDate;
  const dunnable = situation.items.filter(isDunnable);
  const itemHolds = (item: SituationItem): Blocker[] => [
    ...holdBlockers(
      situation.contact.holds.filter((hold) => hold.receivableId === item.receivableId),
      today,
    ),
    ...findingBlockers(item.findings),
  ];
  const steps = dunnable
    .map((item) => nextStep(strategy, item, today))
    .filter((step): step is NextStep => step !== undefined)
    // No note ahead where a direct debit will come by itself, or where its channel does not reach the customer.
    .filter(
      (step) =>
        step.stage.days >= 0 ||
        (!step.item.directDebit &&
          step.stage.channels.some((channel) => situation.contact.reach[channel] === "usable")),
    );

  const held = steps.filter((step) => itemHolds(step.item).length > 0);
  const free = steps.filter((step) => itemHolds(step.item).length === 0);
  const ready = free.filter((step) => step.on <= today);
  const upcoming = [...free].sort((a, b) => (a.on < b.on ? -1 : 1))[0];

  if (ready.length === 0) {
    const heldReady = held.filter((step) => step.on <= today);
    if (heldReady.length > 0) {
      const blockers = sortByEnd(heldReady.flatMap((step) => itemHolds(step.item)));
      return blocked(highest(strategy, heldReady).stage, blockers, []);
    }
    return {
      outcome: "wait",
      blockers: [],
      candidates: [],
      choice: NOTHING,
      ...(upcoming && { stage: upcoming.stage.key, nextOn: upcoming.on, nextStage: upcoming.stage.key }),
    };
  }

  // A stage that is switched off, or that lies with a person, must not keep younger items from theirs.
  const moving = ready.filter((step) => !rests(step, situation));
  const active = moving.length > 0 ? moving : ready;
  const lead = highest(strategy, active).stage;
  const overdue = overdueOn(today, situation.state);
  // Credits net what is claimed, on hold or not: a hold keeps an item from being asked for, never a credit from counting.
  const netted = situation.items
    .filter(
      (item) =>
        item.itemKind !== "invoice" ||
        active.some((step) => step.item === item) ||
        (lead.days >= 0 && overdue(item.dueOn)),
    )
    .filter((item) => !item.assigned && (item.itemKind !== "invoice" || itemHolds(item).length === 0))
    .reduce((sum, item) => sum + BigInt(item.openMinor), 0n);
  const blockers = sortByEnd(caseBlockers(strategy, situation, lead, netted));
  const candidates = weigh(situation, lead);
  if (blockers.length > 0) return blocked(lead, blockers, candidates);

  // All free items that are due (or, for a note ahead, that fall due with it) go into one contact.
  const bundled = free.filter((step) =>
    lead.days < 0 ? step.on <= today && step.stage.days < 0 : overdue(step.item.dueOn),
  );
  // Only what was announced is proposed for hand-over: nothing is bundled with it, and nothing younger rides along.
  const named = lead.effect === "hand_over" ? active.filter((step) => step.stage === lead) : [...active, ...bundled];
  const items = [...new Set(named.map((step) => step.item))];
  // An item that is only bundled is not told of a new stage: its distances keep counting from its own last one.
  const itemStages = Object.fromEntries(
    active.filter((step) => items.includes(step.item)).map((step) => [step.item.receivableId, step.stage.key]),
  );
  const treatment = candidates.find((candidate) => candidate.allowed);
  const round = (situation.asksByStage[lead.key] ?? 0) + 1;
  const brandId = leadBrand(items);
  const choice: Choice = {
    receivableIds: items.map((item) => item.receivableId),
    itemStages,
    round,
    effect: lead.effect,
    needsApproval: lead.automation === "approve",
    brandId,
    ...(treatment && {
      channel: treatment.channel,
      tone: treatment.tone,
      // A note before the due date sets no term: the due date itself is the day.
      ...(lead.days >= 0 && { termDays: lead.termDays[treatment.channel as MessageChannel] }),
    }),
  };
  // Tones may all lie above the brand's ceiling while a channel is open: then nothing can be said.
  if (!treatment && lead.effect !== "hand_over")
    return blocked(lead, [{ name: "no_treatment", restsOn: "strategy.stages.tones, brand.toneCeiling" }], candidates);
  return { outcome: "contact", stage: lead.key, blockers: [], candidates, choice };
}

/**
 * What stands in the way today although no stage is due yet: for people who ask, not for the run. All grounds, latest
 * end last.
 */
export function standingBlockers(strategy: Strategy, situation: Situation, nextStage: string | undefined): Blocker[] {
  const stage = strategy.stages.find((one) => one.key === nextStage);
  const open = situation.items.reduce((sum, item) => sum + BigInt(item.openMinor), 0n);
  const ofItems = holdBlockers(
    situation.contact.holds.filter((hold) => hold.receivableId !== undefined),
    situation.businessDate,
  );
  const found = situation.items.filter(isDunnable).flatMap((item) => findingBlockers(item.findings));
  return sortByEnd([...(stage ? caseBlockers(strategy, situation, stage, open) : []), ...ofItems, ...found]);
}

const rests = ({ stage }: NextStep, { handOverProposed, handOverDecided }: Situation): boolean =>
  stage.automation === "off" || (stage.effect === "hand_over" && (handOverProposed || handOverDecided !== undefined));

/** A due day that is no working day moves to the next one (§ 193 BGB): until that is over, nothing is late. */
function overdueOn(today: PlainDate, stateCode: string | undefined): (dueOn: PlainDate) => boolean {
  const read = stateCode === undefined ? null : germanState(stateCode);
  const state = read?.ok ? read.value : null;
  // No row of free days is as long as this, so only young items are looked up.
  const longSince = addDays(today, -8);
  return (dueOn) => dueOn < longSince || (dueOn < today && nextWorkingDay(dueOn, state) < today);
}

function highest(strategy: Strategy, steps: readonly NextStep[]): NextStep {
  return steps.reduce((best, step) =>
    stageIndex(strategy, step.stage.key) > stageIndex(strategy, best.stage.key) ? step : best,
  );
}

/** The brand with the largest open sum signs; equal sums: the first by id, so that the choice is stable. */
function leadBrand(items: readonly SituationItem[]): string {
  const sums = new Map<string, bigint>();
  for (const item of items) sums.set(item.brandId, (sums.get(item.brandId) ?? 0n) + BigInt(item.openMinor));
  return [...sums].sort(([a, x], [b, y]) => (x === y ? (a < b ? -1 : 1) : x > y ? -1 : 1))[0]?.[0] ?? "";
}

function sortByEnd(blockers: readonly Blocker[]): Blocker[] {
  return [...blockers].sort((a, b) => ((a.until ?? "9999-12-31") < (b.until ?? "9999-12-31") ? -1 : 1));
}

function blocked(stage: Stage, blockers: readonly Blocker[], candidates: readonly Candidate[]): Decision {
  const last = blockers.at(-1)?.until;
  return {
    outcome: "blocked",
    stage: stage.key,
    nextStage: stage.key,
    blockers,
    candidates,
    choice: NOTHING,
    ...(last !== undefined && { nextOn: addDays(last, 1) }),
  };
}
