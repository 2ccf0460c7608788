import type { Payout, PayoutLine, PayoutRow } from "../src/api/contract.ts";
import { CREDITORS, eur, ref, said } from "./people.ts";

const [creditor = { id: "c1", name: "Blumenhof" }] = CREDITORS;
const line = (number: number, customer: number | null, gross: string, fee: string, net: string): PayoutLine => ({
  number,
  kind: said("Zahlung", "payout_line_payment"),
  doneOn: "2026-11-20",
  orderNumber: `B-77${number}`,
  invoiceNumber: customer === null ? null : `1182${number}`,
  reference: `PP-${number}`,
  gross: eur(gross),
  fee: eur(fee),
  net: eur(net),
  state: customer === null ? "open" : "booked",
  said: customer === null ? said("Nummer ist unbekannt", "number_unknown") : said("Gebucht", "payout_line_booked"),
  customer: customer === null ? null : ref(customer),
  acts: customer === null ? ["book", "set_aside"] : ["undo"],
});

/** Payouts of providers, invented: one with an open line, one whose bank entry has not come. */
export const PAYOUTS: readonly Payout[] = [
  {
    id: "a".repeat(64),
    creditor,
    provider: "PayPal",
    reference: "5XK81024",
    paidOn: "2026-11-21",
    amount: eur("155.35"),
    state: "partial",
    said: said("1 von 3 Zeilen sind offen", "payout_partial"),
    lines: 3,
    openLines: 1,
    open: eur("48.40"),
    sums: {
      paid: eur("160.00"),
      returned: eur("0.00"),
      fees: eur("-4.65"),
      net: eur("155.35"),
      open: eur("48.40"),
      setAside: eur("0.00"),
    },
    entryId: "e1",
    entryLines: [
      line(1, 1, "50.00", "-1.45", "48.55"),
      line(2, 2, "60.00", "-1.60", "58.40"),
      line(3, null, "50.00", "-1.60", "48.40"),
    ],
    candidates: [],
    acts: ["undo"],
  },
  {
    id: "b".repeat(64),
    creditor,
    provider: "Amazon",
    reference: "18245511902",
    paidOn: "2026-11-23",
    amount: eur("48.40"),
    state: "waiting",
    said: said("Der Kontoumsatz fehlt noch", "payout_waiting"),
    lines: 1,
    openLines: 1,
    open: eur("48.40"),
    sums: {
      paid: eur("50.00"),
      returned: eur("0.00"),
      fees: eur("-1.60"),
      net: eur("48.40"),
      open: eur("48.40"),
      setAside: eur("0.00"),
    },
    entryId: null,
    entryLines: [{ ...line(1, null, "50.00", "-1.60", "48.40"), acts: [] }],
    candidates: [{ entryId: "e2", bookedOn: "2026-11-24", payer: "Amazon Payments", remittance: "18245511902" }],
    acts: ["book", "set_aside"],
  },
];
export const PAYOUT_ROWS: readonly PayoutRow[] = PAYOUTS.map(
  ({ sums: _, entryId: __, entryLines: ___, candidates: ____, acts: _____, ...row }) => row,
);
