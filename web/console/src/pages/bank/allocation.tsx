import { Link } from "@tanstack/react-router";
import type { BankEntry, Money, Proposal } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { amountOf, minorOf } from "../../format/index.ts";
import { Button } from "../../parts/button.tsx";
import { Card, Note } from "../../parts/page.tsx";
import { PayoutCard } from "./payouts/sums.tsx";

const isZero = (value: Money) => minorOf(value.amount) === 0n;

/** At the right: what booking will do, or what was booked. */
export function Allocation({
  entry,
  proposal,
  onBook,
  onSplit,
  onLeave,
  onReopen,
}: {
  entry: BankEntry;
  proposal: Proposal | undefined;
  onBook: () => void;
  onSplit: () => void;
  onLeave: (() => void) | undefined;
  onReopen: () => void;
}) {
  const texts = useTexts();
  const t = texts.bank;
  if (entry.payout !== undefined) return <PayoutCard payout={entry.payout} />;
  if (entry.booked.length > 0) return <BookedCard entry={entry} onReopen={onReopen} />;
  if (proposal === undefined) {
    return (
      <Card className="allocation" title={t.notMatched}>
        <p className="mute">{t.notMatchedHint}</p>
        <div className="do">
          <Button go keyName="t" onClick={onSplit}>
            {t.searchCustomer}
          </Button>
        </div>
      </Card>
    );
  }
  return (
    <Card
      className="allocation"
      title={t.howBooked}
      end={<span className="mute">{t.proposalNumber(proposal.rank)}</span>}
    >
      <Lines proposal={proposal} />
      {proposal.law !== null && <p className="tiny">{proposal.law.text}</p>}
      <Facts proposal={proposal} />
      {!entry.mayBook && <Note tone="notice">{t.mayNotBook}</Note>}
      <div className="do">
        <Button go keyName="Enter" onClick={onBook}>
          {t.bookNext}
        </Button>
        <div className={onLeave === undefined ? "" : "pair"}>
          <Button wide keyName="t" onClick={onSplit}>
            {t.split}
          </Button>
          {onLeave !== undefined && (
            <Button wide keyName="u" onClick={onLeave}>
              {t.leaveOpen}
            </Button>
          )}
        </div>
      </div>
    </Card>
  );
}

function Lines({ proposal }: { proposal: Proposal }) {
  const texts = useTexts();
  const t = texts.bank;
  const format = useFormat();
  const currency = proposal.remainsOpen.currency;
  const sum = (pick: (line: Proposal["lines"][number]) => Money): Money => ({
    amount: amountOf(proposal.lines.reduce((total, line) => total + minorOf(pick(line).amount), 0n)),
    currency,
  });
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{texts.words.item}</th>
          <th scope="col" className="r">
            {texts.words.open}
          </th>
          <th scope="col" className="r">
            {t.now}
          </th>
        </tr>
      </thead>
      <tbody>
        {proposal.lines.map((line) => (
          <tr key={line.itemId ?? "account"}>
            <td>{line.number ?? t.onAccount}</td>
            <td className="r">{format.bare(line.open)}</td>
            <td className="r">
              <b>{format.bare(line.now)}</b>
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td>{texts.common.sum}</td>
          <td className="r">{format.bare(sum((line) => line.open))}</td>
          <td className="r">{format.money(sum((line) => line.now))}</td>
        </tr>
      </tfoot>
    </table>
  );
}

function Facts({ proposal }: { proposal: Proposal }) {
  const texts = useTexts();
  const t = texts.bank;
  const format = useFormat();
  return (
    <>
      <div className="line">
        <span>{t.remainsOpen}</span>
        <b>{format.money(proposal.remainsOpen)}</b>
      </div>
      {!isZero(proposal.onAccount) && (
        <div className="line">
          <span>{t.onAccount}</span>
          <b>{format.money(proposal.onAccount)}</b>
        </div>
      )}
      {proposal.next !== null && <Note tone="good">{proposal.next.text}</Note>}
      <p>
        <Link to="/customers/$customerId" params={{ customerId: proposal.customer.id }}>
          {t.showCustomer(proposal.customer.name)}
        </Link>
      </p>
    </>
  );
}

function BookedCard({ entry, onReopen }: { entry: BankEntry; onReopen: () => void }) {
  const texts = useTexts();
  const t = texts.bank;
  const format = useFormat();
  return (
    <Card className="allocation" title={t.bookedTo}>
      <table>
        <tbody>
          {entry.booked.map((line) => (
            <tr key={`${line.customer.id}${line.number}`}>
              <td>
                <Link to="/customers/$customerId" params={{ customerId: line.customer.id }}>
                  {line.customer.name}
                </Link>
                <br />
                <span className="tiny">
                  {line.number ?? (line.amount.amount.startsWith("-") ? t.wentBack : t.onAccount)}
                </span>
              </td>
              <td className="r">
                <b>{format.money(line.amount)}</b>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="tiny">
        {!entry.automatic
          ? `${t.bookedBy(entry.bookedBy ?? "")} ${format.instant(entry.bookedAt)}`
          : entry.probability === undefined
            ? t.byItself(entry.score ?? 0, format.instant(entry.bookedAt))
            : t.byItselfChance(format.chance(entry.probability), format.instant(entry.bookedAt))}
      </p>
      {(entry.learned ?? []).map((one) => (
        <p key={one.accountId} className="tiny">
          {one.said.text}
        </p>
      ))}
      {entry.mayBook && (
        <div className="do">
          <Button wide icon="undo" onClick={onReopen}>
            {t.takeBack}
          </Button>
        </div>
      )}
    </Card>
  );
}
