import type { AccountDays, Order, Related, Sources, StatementDayState } from "../src/api/contract.ts";
import { addDays } from "../src/format/index.ts";
import { CREDITORS, eur, NOW, ref, said, TODAY } from "./people.ts";

/** Where files come from, and orders, invented. */
export const SOURCES: Sources = {
  mayFetch: true,
  sources: [
    ["folder", "Auszüge", "/srv/bank/eingang", "ok", null],
    [
      "sftp",
      "Hausbank",
      "sftp.hausbank.example/auszuege",
      "failing",
      "Der Server antwortet nicht, seit 06:00 sechs Versuche.",
    ],
    [
      "sftp",
      "Shop-Liste",
      "files.shop.example/offene-posten",
      "late",
      "Die Liste von heute fehlt, erwartet bis 06:30.",
    ],
    ["folder", "Rechnungen", "/srv/erp/rechnungen", "ok", null],
  ].map(([kind, name, place, state, error], at) => ({
    id: `so${at}`,
    kind: kind as "folder" | "sftp",
    name: name ?? "",
    place: place ?? "",
    creditor: at === 2 ? CREDITORS[1] : at === 3 ? null : CREDITORS[0],
    state: state as "ok" | "late" | "failing",
    schedule: said(at === 2 ? "einmal am Tag, 06:00" : "alle 5 Minuten"),
    lastTriedAt: NOW,
    lastFile: { name: `auszug-${230 - at}.xml`, at: at === 1 ? "2026-11-20T06:10:00Z" : NOW, importId: "j1" },
    error: error === null || error === undefined ? null : said(error),
    files: 5 - at,
    refused: at === 3 ? 1 : 0,
  })),
  alarms: [
    {
      id: "al0",
      level: "problem",
      said: said("Hausbank: seit Freitag kam keine Datei."),
      advice: said("Prüfen Sie Zugang und Schlüssel. Bis Bankdaten da sind, wird für dieses Konto nicht gemahnt."),
      since: "2026-11-24T06:00:00Z",
      creditor: CREDITORS[0],
    },
    {
      id: "al1",
      level: "notice",
      said: said("Shop-Liste: die Liste von heute fehlt."),
      advice: said("Sie wird bis 06:30 erwartet. Der Abgleich wartet darauf."),
      since: "2026-11-24T06:30:00Z",
      creditor: CREDITORS[1],
    },
  ],
};
export const ACCOUNT_DAYS: readonly AccountDays[] = ["DE02120300000000202051", "DE02500105170137075030"].map(
  (iban, index) => {
    const days = Array.from({ length: 42 }, (_, at) => {
      const day = addDays(TODAY, at - 41);
      const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
      const state: StatementDayState =
        weekday === 0 || weekday === 6
          ? "closed"
          : at === 41
            ? "expected"
            : index === 1 && (at === 40 || at === 37)
              ? "missing"
              : index === 1 && at < 4
                ? "before"
                : index === 0 && at === 20
                  ? "excused"
                  : "received";
      return { day, state, entries: state === "received" ? 60 + ((at * 31) % 90) : 0, statementId: null };
    });
    return {
      account: iban,
      creditor: CREDITORS[index] ?? CREDITORS[0],
      currency: "EUR",
      lastStatementTo: index === 0 ? "2026-11-23" : "2026-11-19",
      holdsDunning: index === 1,
      mayBeDaysOld: 3,
      missing: index === 0 ? 0 : 2,
      days,
    };
  },
);

const ORDER_EVENTS = [
  ["ordered", "Bestellt", "2026-10-02", null, null],
  ["shipped", "Verschickt", "2026-10-04", null, null],
  ["delivered", "Geliefert, die Zahlungsfrist läuft ab hier", "2026-10-06", null, null],
  ["return_announced", "Rücksendung angekündigt", "2026-10-15", null, "2026-10-29"],
  ["returned_in_part", "Zum Teil zurück: ein Stuhl von vier", "2026-10-21", "49.90", "2026-11-04"],
] as const;
export const ORDERS: readonly Order[] = [0, 1].map((index) => ({
  id: `or${index}`,
  number: `B-2026-${4711 - index * 102}`,
  creditor: CREDITORS[1],
  orderedOn: index === 0 ? "2026-10-02" : "2026-08-11",
  amount: eur(index === 0 ? "199.60" : "59.00"),
  state: said(index === 0 ? "zum Teil zurück" : "geliefert"),
  events: ORDER_EVENTS.slice(0, index === 0 ? 5 : 3).map(([kind, text, on, amount, until], at) => ({
    id: `oe${index}${at}`,
    kind,
    on,
    receivedAt: NOW,
    said: said(text),
    amount: amount === null ? null : eur(amount),
    holdsUntil: until,
  })),
  items: [{ id: "i1", number: String(204_711 - index), open: eur("149.70") }],
  creditNoteOverdue: index === 0,
}));
export const RELATED: Related = {
  mergedInto: null,
  merged: [{ customer: ref(27), at: "2026-09-02T10:00:00Z", pairId: "pa4" }],
  household: [],
  duplicates: [{ pairId: "pa0", other: ref(26), certainty: "sure" }],
};
