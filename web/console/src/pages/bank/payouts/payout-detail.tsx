import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "../../../api/client.ts";
import type { Payout, PayoutDecision, PayoutLine, PayoutLineDecision } from "../../../api/contract.ts";
import { useKeys } from "../../../app/keys.tsx";
import { useFormat, useTexts } from "../../../app/session.tsx";
import { undoLast } from "../../../app/toast.tsx";
import { Button } from "../../../parts/button.tsx";
import { Detail } from "../../../parts/list-detail.tsx";
import { Note, Waiting } from "../../../parts/page.tsx";
import { useAct } from "../../../parts/use-act.ts";
import { SumsOfPayout } from "./sums.tsx";
import { TakeLine } from "./take-line.tsx";

/** The keys of an open line's acts; they work on the first one, so that the next has its turn. */
const KEYS = { book: "t", fee: "g", set_aside: "u", undo: "" } as const;

const NOTES = { waiting: "info", partial: "notice", settled: "good", set_aside: "info" } as const;

export function PayoutDetail({ payoutId }: { payoutId: string }) {
  const texts = useTexts();
  const t = texts.payouts;
  const format = useFormat();
  const act = useAct([["bank"], ["customer"], ["worklist"]]);
  const [taking, setTaking] = useState<PayoutLine | null>(null);
  const { data: payout, error } = useQuery({
    queryKey: ["bank", "payout", payoutId],
    queryFn: ({ signal }) => call("GET /bank/payouts/{payoutId}", { path: { payoutId }, signal }),
  });
  const decide = (body: PayoutDecision) =>
    void act(t.said[body.act], () => call("POST /bank/payouts/{payoutId}/decide", { path: { payoutId }, body }));
  const decideLine = (line: PayoutLine, body: PayoutLineDecision) => {
    const send = (one: PayoutLineDecision) =>
      call("POST /bank/payouts/{payoutId}/lines/{line}/decide", {
        path: { payoutId, line: String(line.number) },
        body: one,
      });
    setTaking(null);
    void act(t.lineSaid[body.act], () => send(body), ...(body.act === "undo" ? [] : [() => send({ act: "undo" })]));
  };
  const run = (line: PayoutLine, what: PayoutLine["acts"][number]) =>
    what === "book" ? setTaking(line) : decideLine(line, { act: what });
  const open = (payout?.entryLines ?? []).filter(({ state }) => state === "open");
  const [first] = open;
  const [candidate] = payout?.candidates ?? [];
  const mayBook = payout?.acts.includes("book") === true;
  useKeys([
    ...(first?.acts ?? []).map((what) => ({
      keys: KEYS[what],
      label: t.lineAct[what],
      bar: true,
      run: () => first && run(first, what),
    })),
    ...(mayBook
      ? [
          {
            keys: "Enter",
            label: t.act.book,
            bar: true,
            run: () => decide({ act: "book", entryId: candidate?.entryId ?? null }),
          },
        ]
      : []),
    { keys: "z", label: texts.common.undo, bar: true, run: () => void undoLast(texts) },
  ]);
  if (payout === undefined) return <Waiting error={error} />;
  return (
    <Detail
      label={texts.bank.place.payouts}
      title={payout.provider}
      end={<span className="amt">{format.money(payout.amount)}</span>}
    >
      <p className="mute">
        {[payout.reference, payout.paidOn && format.dayFull(payout.paidOn), payout.creditor.name]
          .filter(Boolean)
          .join(" · ")}
      </p>
      <Note tone={NOTES[payout.state]}>{payout.said.text}</Note>
      <SumsOfPayout sums={payout.sums} />
      {payout.entryId !== null && (
        <p>
          <Link
            {...({
              to: "/bank",
              search: { view: payout.openLines > 0 ? "unmatched" : "booked", sel: payout.entryId },
            } as { to: string })}
          >
            {t.bank}
          </Link>
        </p>
      )}
      <Pairing payout={payout} onDecide={decide} />
      {payout.state === "partial" && (
        <section aria-label={t.open}>
          <h3>{t.open}</h3>
          <ul className="payout-lines">
            {open.map((line) => (
              <li key={line.number} aria-current={line === first ? "true" : undefined}>
                <LineText line={line} />
                <div className="acts">
                  {line.acts.map((what) => (
                    <Button
                      key={what}
                      go={what === "book" && line === first}
                      {...(line === first ? { keyName: KEYS[what] } : {})}
                      onClick={() => run(line, what)}
                    >
                      {t.lineAct[what]}
                    </Button>
                  ))}
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
      <details>
        <summary>{t.all(format.number(payout.entryLines.length))}</summary>
        <ul className="payout-lines">
          {payout.entryLines.map((line) => (
            <li key={line.number}>
              <LineText line={line} />
              {line.acts.includes("undo") && (
                <div className="acts">
                  <Button ghost icon="undo" onClick={() => run(line, "undo")}>
                    {t.lineAct.undo}
                  </Button>
                </div>
              )}
            </li>
          ))}
        </ul>
      </details>
      <div className="do">
        {payout.acts
          .filter((what) => what !== "book")
          .map((what) => (
            <Button
              key={what}
              wide
              {...(what === "undo" ? { icon: "undo" as const } : {})}
              onClick={() => decide({ act: what })}
            >
              {t.act[what]}
            </Button>
          ))}
        {payout.acts.includes("undo") && <p className="tiny">{t.undoNote}</p>}
      </div>
      {taking !== null && (
        <TakeLine line={taking} onBook={(body) => decideLine(taking, body)} onClose={() => setTaking(null)} />
      )}
    </Detail>
  );
}

/** Which bank entry a payout is, where nobody could tell. */
function Pairing({ payout, onDecide }: { payout: Payout; onDecide: (body: PayoutDecision) => void }) {
  const t = useTexts().payouts;
  const format = useFormat();
  if (payout.state !== "waiting" && payout.state !== "set_aside") return null;
  if (!payout.acts.includes("book"))
    return payout.entryLines.length > 0 && payout.amount.amount !== "0.00" ? (
      <p className="mute">{t.noCandidate}</p>
    ) : null;
  if (payout.candidates.length === 0)
    return (
      <Button go keyName="Enter" onClick={() => onDecide({ act: "book", entryId: null })}>
        {t.act.book}
      </Button>
    );
  return (
    <section aria-label={t.which}>
      <h3>{t.which}</h3>
      <ul className="payout-lines">
        {payout.candidates.map((one, at) => (
          <li key={one.entryId}>
            <span>
              {one.payer}
              <small>{one.remittance}</small>
            </span>
            <span className="nw">{format.dayShort(one.bookedOn)}</span>
            <div className="acts">
              <Button
                go={at === 0}
                {...(at === 0 ? { keyName: "Enter" } : {})}
                onClick={() => onDecide({ act: "book", entryId: one.entryId })}
              >
                {t.act.book}
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function LineText({ line }: { line: PayoutLine }) {
  const t = useTexts().payouts;
  const format = useFormat();
  const numbers = [line.invoiceNumber, line.orderNumber].filter((one) => one !== null).join(" · ");
  return (
    <>
      <span>
        {line.customer === null ? (
          <b>{numbers === "" ? t.noNumbers : numbers}</b>
        ) : (
          <>
            <Link to="/customers/$customerId" params={{ customerId: line.customer.id }}>
              {line.customer.name}
            </Link>{" "}
            {numbers}
          </>
        )}
        <small>
          {[line.kind.text, line.doneOn && format.dayShort(line.doneOn), line.said.text].filter(Boolean).join(" · ")}
        </small>
      </span>
      <span className="r nw">
        <b>{format.money(line.net)}</b>
        {line.fee.amount !== "0.00" && (
          <small>
            {format.bare(line.gross)} {format.bare(line.fee)}
          </small>
        )}
      </span>
    </>
  );
}
