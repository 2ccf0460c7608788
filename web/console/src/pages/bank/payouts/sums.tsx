import { Link } from "@tanstack/react-router";
import type { EntryPayout, Money, PayoutSums } from "../../../api/contract.ts";
import { useFormat, useTexts } from "../../../app/session.tsx";
import { minorOf } from "../../../format/index.ts";
import { Card, Note } from "../../../parts/page.tsx";
import "./payouts.css";

/** What a payout is made of; it comes to what the bank credited. */
export function SumsOfPayout({ sums }: { sums: PayoutSums }) {
  const texts = useTexts();
  const t = texts.payouts;
  const format = useFormat();
  const row = (label: string, value: Money, className = "") => (
    <tr className={className}>
      <th scope="row">{label}</th>
      <td className="r">{format.money(value)}</td>
    </tr>
  );
  const some = (value: Money) => minorOf(value.amount) !== 0n;
  return (
    <table className="payout-sums" aria-label={t.sums}>
      <tbody>
        {row(t.paid, sums.paid)}
        {some(sums.returned) && row(t.returned, sums.returned)}
        {row(t.fees, sums.fees)}
        {row(t.net, sums.net, "net")}
        {some(sums.open) && sums.open.amount !== sums.net.amount && row(t.ofOpen, sums.open, "part")}
        {some(sums.setAside) && row(t.ofAside, sums.setAside, "part")}
      </tbody>
    </table>
  );
}

/** Beside a bank entry that is a provider's payout. */
export function PayoutCard({ payout }: { payout: EntryPayout }) {
  const t = useTexts().payouts;
  return (
    <Card className="allocation" title={payout.reference ?? payout.provider}>
      <SumsOfPayout sums={payout.sums} />
      <Note tone={payout.openLines > 0 ? "notice" : "good"}>{payout.said.text}</Note>
      <p>
        <Link {...({ to: "/bank/payouts", search: { sel: payout.id } } as { to: string })}>
          {t.show(payout.provider)}
        </Link>
      </p>
    </Card>
  );
}
