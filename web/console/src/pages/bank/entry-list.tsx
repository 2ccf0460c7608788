import type { Ref } from "react";
import type { BankEntryRow, EntryView } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";

export function EntryList({
  rows,
  current,
  view,
  listRef,
  onSelect,
}: {
  rows: readonly BankEntryRow[];
  current: string;
  view: EntryView;
  listRef: Ref<HTMLOListElement>;
  onSelect: (id: string) => void;
}) {
  const texts = useTexts();
  const t = texts.bank;
  const format = useFormat();
  return (
    <section className="card entries" aria-label={`${texts.statements.entries}: ${t.view[view]}`}>
      <ol ref={listRef}>
        {rows.map((row) => (
          <li key={row.id}>
            <button
              type="button"
              aria-current={row.id === current ? "true" : undefined}
              data-enter={row.id === current ? "page" : undefined}
              onClick={() => onSelect(row.id)}
            >
              <b>{row.payer ?? t.noPayer}</b>
              <b className="nw">{format.money(row.amount)}</b>
              <span className="tiny">{row.remittance === "" ? t.noText : row.remittance}</span>
              <span className="score-small">
                {view === "proposed" && row.score !== null ? (
                  <>
                    <span className="sr">{t.score} </span>
                    {row.score}
                  </>
                ) : (
                  format.dayShort(row.bookedOn)
                )}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
