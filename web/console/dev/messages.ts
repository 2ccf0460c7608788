import type { Message, MessageRow } from "../src/api/contract.ts";
import { CUSTOMERS, ref, said } from "./people.ts";

const row = (at: number, more: Partial<MessageRow>): MessageRow => ({
  id: `m${at}`,
  customer: ref(at),
  channel: "email",
  stage: "reminder",
  stageName: "Zahlungserinnerung",
  subject: "Eine kurze Nachricht zu Ihrem Kundenkonto",
  state: "left",
  reason: null,
  needsApproval: false,
  evidence: "accepted",
  amount: CUSTOMERS[at]?.open ?? null,
  createdAt: "2026-11-23T13:00:00Z",
  leftAt: "2026-11-23T13:01:00Z",
  local: true,
  runId: "r1",
  ...more,
});
export const MESSAGES: readonly MessageRow[] = [
  row(0, {}),
  row(1, {
    channel: "letter",
    stage: "dunning_notice",
    stageName: "Mahnung",
    subject: "Ihr Kundenkonto 10 05 584",
    local: false,
    evidence: "handed_over",
  }),
  row(2, { state: "dropped", reason: said("Zwischenzeitlich bezahlt"), leftAt: null, evidence: "none" }),
  row(3, {
    state: "queued",
    needsApproval: true,
    stage: "final_notice",
    stageName: "Letzte Mahnung",
    channel: "letter",
    subject: "Ihr Kundenkonto 10 08 326",
    leftAt: null,
    evidence: "none",
    local: false,
  }),
  row(4, {
    state: "unknown",
    reason: said("Der Mailserver hat nicht geantwortet"),
    leftAt: null,
    evidence: "none",
    local: false,
  }),
  ...Array.from({ length: 14 }, (_, at) =>
    row(5 + at, { state: at % 6 === 5 ? "queued" : "left", leftAt: at % 6 === 5 ? null : "2026-11-23T13:02:00Z" }),
  ),
];
export const messageFor = (id: string): Message => {
  const base = MESSAGES.find((one) => one.id === id) ?? (MESSAGES[0] as MessageRow);
  return {
    ...base,
    language: "de",
    tone: "friendly",
    brand: "Stadtwerke Strom",
    sender: "Stadtwerke Lindau am Wehr <service@stadtwerke.example>",
    recipient: ["m.quast@post.example"],
    text: "Guten Tag Marlene Quast,\n\nOffen sind noch 375,63 €. 60,00 € haben Sie schon bezahlt. Vielen Dank.\nSie haben Zeit bis 8. Dezember. Bis dahin unternehmen wir nichts.",
    preview: base.channel === "letter" ? "letter" : "html",
    template: { name: "Zahlungserinnerung", version: 3 },
    why: [
      said("Rechnung 118204 war 5 Tage über der Fälligkeit."),
      said("E-Mail ist bestätigt und günstiger als ein Brief."),
      said("Keine Sperre, letzter Kontakt vor 41 Tagen."),
    ],
    decision: { id: "dec1", at: "2026-11-23T13:00:00Z", strategy: "Standard", version: 1 },
    steps: [
      { state: "queued", at: "2026-11-23T13:00:00Z", said: null },
      { state: "left", at: "2026-11-23T13:01:00Z", said: null },
    ],
    mayDecide: base.state === "unknown",
    mayMarkBounced: base.state === "left" && base.evidence !== "portal_opened" && base.evidence !== "revoked",
  };
};
