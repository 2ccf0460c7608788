import type { Ref } from "react";
import type { EntryView } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import type { Inbox } from "./use-inbox.ts";

/** Seconds a person takes for one proposal: reading it and one key. */
const SECONDS_EACH = 4.5;

export function EntryList({
  inbox,
  current,
  view,
  listRef,
}: {
  inbox: Inbox;
  current: string;
  view: EntryView;
  listRef: Ref<HTMLOListElement>;
}) {
  const texts = useTexts();
  const t = texts.bank;
  const format = useFormat();
  return (
    <section className="card entries" aria-label={`${texts.statements.entries}: ${t.view[view]}`}>
      <ol ref={listRef}>
        {inbox.rows.map((row) => (
          <li key={row.id}>
            <button
              type="button"
              aria-current={row.id === current ? "true" : undefined}
              data-enter={row.id === current ? "page" : undefined}
              onClick={() => inbox.select(row.id)}
            >
              <b>{row.payer ?? t.noPayer}</b>
              <b className="nw">{format.money(row.amount)}</b>
              <span className="tiny">{row.remittance === "" ? t.noText : row.remittance}</span>
              <span className="score-small">
                {view === "proposed" && row.sure !== undefined && (
                  <>
                    <Icon name="check" small />
                    <span className="sr">{t.sure} </span>
                  </>
                )}
                {view === "proposed" && row.probability !== undefined ? (
                  <>
                    <span className="sr">{t.chance} </span>
                    {format.chance(row.probability)}
                  </>
                ) : view === "proposed" && row.score !== null ? (
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
      {view === "proposed" && (
        <div className="desk">
          {inbox.learned.map((one) => (
            <p key={one.accountId} className="tiny learned">
              <Icon name="key" small />
              <span>{one.said.text}</span>
              <Button ghost keyName="v" onClick={() => void inbox.forget(one)}>
                {t.forget}
              </Button>
            </p>
          ))}
          <p className="tiny">
            {t.left(
              format.number(inbox.total ?? 0),
              Math.max(1, Math.round(((inbox.total ?? 0) * SECONDS_EACH) / 60)),
              inbox.done,
            )}
          </p>
        </div>
      )}
    </section>
  );
}
