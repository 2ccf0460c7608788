import type { ReactNode } from "react";
import type { BankEntry } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { iban } from "../../format/index.ts";
import { Card } from "../../parts/page.tsx";
import { Reasons } from "../../parts/reasons.tsx";

/** The remittance text with what matched marked. */
function marked(text: string, marks: BankEntry["marks"]): ReactNode[] {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const mark of [...marks].sort((a, b) => a.from - b.from)) {
    if (mark.from < at) continue;
    parts.push(text.slice(at, mark.from), <mark key={mark.from}>{text.slice(mark.from, mark.to)}</mark>);
    at = mark.to;
  }
  parts.push(text.slice(at));
  return parts;
}

export function EntryCard({ entry }: { entry: BankEntry }) {
  const texts = useTexts();
  const t = texts.bank;
  const format = useFormat();
  const facts = [
    entry.payerIban === null ? null : iban(entry.payerIban),
    entry.bookedOn === entry.valueOn
      ? t.bookedAndValue(format.dayFull(entry.bookedOn))
      : t.bookedValue(format.dayFull(entry.bookedOn), format.dayFull(entry.valueOn)),
    entry.endToEndId,
  ].filter(Boolean);
  return (
    <section className="card entry" aria-label={t.entry}>
      <div>
        <h2>{entry.payer ?? t.noPayer}</h2>
        <p className="mute">{facts.join(" · ")}</p>
      </div>
      <div className="amt">{format.money(entry.amount)}</div>
      <q>{entry.remittance === "" ? t.noText : marked(entry.remittance, entry.marks)}</q>
    </section>
  );
}

export function ProposalCard({
  entry,
  rank,
  onRank,
  onSearch,
}: {
  entry: BankEntry;
  rank: number;
  onRank: (rank: number) => void;
  onSearch: () => void;
}) {
  const texts = useTexts();
  const t = texts.bank;
  const format = useFormat();
  return (
    <Card
      className="proposals"
      title={t.proposals}
      end={
        <span className="mute">
          {entry.threshold === undefined
            ? t.automaticLead(entry.automaticLead)
            : t.automaticFrom(format.chance(entry.threshold))}
        </span>
      }
    >
      {entry.proposals.map((proposal) => (
        <button
          type="button"
          key={proposal.rank}
          className="proposal"
          aria-pressed={proposal.rank === rank}
          data-enter={proposal.rank === rank ? "page" : undefined}
          aria-keyshortcuts={String(proposal.rank)}
          onClick={() => onRank(proposal.rank)}
        >
          <kbd aria-hidden="true">{proposal.rank}</kbd>
          <span>
            <b>{proposal.title.text}</b>
            <br />
            <span className="mute">{proposal.detail.text}</span>
            <Reasons reasons={proposal.reasons} />
          </span>
          <span className="score">
            {proposal.probability === undefined ? proposal.score : format.chance(proposal.probability)}
            <small>{proposal.probability === undefined ? t.ofHundred : t.chance}</small>
          </span>
        </button>
      ))}
      <button type="button" className="proposal" aria-keyshortcuts="4" onClick={onSearch}>
        <kbd aria-hidden="true">4</kbd>
        <span>{t.searchOther}</span>
      </button>
    </Card>
  );
}
