import { describe, expect, test } from "vitest";
import { agreedDueDate, discountsIn, dueDateInTerms } from "../../../src/pure/formats/index.ts";
import { expectOk, formatDecimal, type PlainDate, plainDate } from "../../../src/pure/kernel/index.ts";

const day = (text: string): PlainDate => expectOk(plainDate(text));
const ISSUED = day("2026-03-05");

describe("payment terms", () => {
  test.each<[string, string | null]>([
    [
      "Zahlbar innerhalb 30 Tagen netto bis 04.04.2026, 3% Skonto innerhalb 10 Tagen bis 15.03.2026",
      "2026-04-04 terms_day",
    ],
    ["14 Tage 2% Skonto, 30 Tage rein netto", "2026-04-04 terms_days"],
    ["Zahlbar sofort ohne Abzug.", "2026-03-05 terms_at_once"],
    ["Zahlbar innerhalb 14 Tagen nach Erhalt der Rechnung.", "2026-03-19 terms_days_from_receipt"],
    ["Zahlung ohne Abzug bis zum 13.04.2026 bei uns\n   eingehend.", "2026-04-13 terms_day"],
    ["Bitte überweisen Sie bis zum 24.03.2026 auf das Konto.", "2026-03-24 terms_day"],
    ["Payment within 30 days", "2026-04-04 terms_days"],
    ["PAIEMENT 30 JOURS NET", "2026-04-04 terms_days"],
    ["Paiement sans escompte avant le 09.04.2026", "2026-04-09 terms_day"],
    ["30 dagar netto.", "2026-04-04 terms_days"],
    ["14 Tage", "2026-03-19 terms_days"],
    ["Bei Zahlung innerhalb 14 Tagen gewähren wir 2,0% Skonto.", null],
    ["Bitte überweisen Sie bis zum 24.01.2015 auf das Konto.", null],
    ["Zahlbar bis 10.04.2026; zahlbar bis 20.04.2026", null],
    ["Der Betrag wird am 20.03.2026 von Ihrem Konto per SEPA-Lastschrift eingezogen.", null],
    ["Wird über Ihre Kreditkarte abgebucht. Zahlbar sofort.", null],
    ["#SKONTO#TAGE=7#PROZENT=2.00#\n", null],
    ["Zahlbar bis 30.02.2026", null],
    ["Danke für Ihren Auftrag", null],
    ["Payment within 10 days, 2% discount", null],
    ["Zahlbar in 30 Tagen. Skonto nach Vereinbarung", null],
    ["Arbetet påbörjas 7 dagar efter mottagen förskottsbetalning.", null],
    ["Paiement à 30 jours fin de mois", null],
    ["30 days net. Penalty rate 12 %", "2026-04-04 terms_days"],
    ["Paiement à réception", "2026-03-05 terms_at_once"],
    ["Pagamento a 30 giorni", "2026-04-04 terms_days"],
    ["#SKONTO#TAGE=7#PROZENT=2.00#\n#SKONTO#TAGE=30#PROZENT=0.00#\n", "2026-04-04 terms_days"],
  ])("%s", (terms, expected) => {
    const due = dueDateInTerms(terms, ISSUED);
    expect(due && `${due.date} ${due.basis}`).toBe(expected);
  });

  test("structured discounts; a line that breaks the rule is none", () => {
    const found = discountsIn(
      "#SKONTO#TAGE=7#PROZENT=2.00#\n#SKONTO#TAGE=14#PROZENT=1.00#BASISBETRAG=-100.00#\n#SKONTO#TAGE=30#PROZENT=2#\nText",
    );
    expect(found.map(({ days, percent, base }) => [days, formatDecimal(percent), base && formatDecimal(base)])).toEqual(
      [
        [7, "2.00", null],
        [14, "1.00", "-100.00"],
      ],
    );
  });

  test("of several stated days the last is the one without discount", () => {
    expect(agreedDueDate({ dueDates: [day("2026-03-12"), day("2026-04-04")], issueDate: ISSUED, terms: null })).toEqual(
      { date: "2026-04-04", basis: "stated" },
    );
    expect(agreedDueDate({ dueDates: [], issueDate: ISSUED, terms: "14 Tage" })).toEqual({
      date: "2026-03-19",
      basis: "terms_days",
    });
    expect(agreedDueDate({ dueDates: [], issueDate: null, terms: "14 Tage" })).toBeNull();
  });
});
