import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "../../api/client.ts";
import type { VanishedStop } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { NOTHING } from "../../format/index.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { useListState } from "../../parts/list.tsx";
import { Card, Empty, Pill, Waiting } from "../../parts/page.tsx";
import { useAct } from "../../parts/use-act.ts";
import { ReconciliationHead } from "./reconciliation-tabs.tsx";
import "./reconciliation.css";

const SHOWN = 500;

/** The safety stop: a full list in which too much is missing closes nothing until a person has looked. */
export function VanishedPage() {
  const t = useTexts().reconciliation;
  const [{ creditor }] = useListState();
  const { data, error, refetch } = useQuery({
    queryKey: ["reconciliation", "vanished", creditor],
    queryFn: ({ signal }) => call("GET /reconciliation/vanished", { query: { creditor }, signal }),
  });
  return (
    <>
      <ReconciliationHead current="vanished" />
      {data === undefined ? (
        <Waiting error={error} retry={() => void refetch()} />
      ) : data.length === 0 ? (
        <Card label={t.place.vanished}>
          <Empty title={t.noStops}>{t.noStopsHint}</Empty>
        </Card>
      ) : (
        data.map((stop) => <Stop key={stop.id} stop={stop} />)
      )}
    </>
  );
}

function Stop({ stop }: { stop: VanishedStop }) {
  const texts = useTexts();
  const t = texts.reconciliation;
  const format = useFormat();
  const act = useAct([["reconciliation"]]);
  const waits = stop.state === "waiting";
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState(false);
  const items = useQuery({
    queryKey: ["reconciliation", "vanished", stop.id, "items"],
    queryFn: ({ signal }) =>
      call("GET /reconciliation/vanished/{stopId}/items", {
        path: { stopId: stop.id },
        query: { limit: SHOWN },
        signal,
      }),
    enabled: waits,
  });
  const rows = items.data?.rows ?? [];
  const closing = stop.items - kept.size;
  const close = () => {
    setAsking(false);
    const itemIds = kept.size === 0 ? {} : { itemIds: rows.map((row) => row.itemId).filter((id) => !kept.has(id)) };
    void act(t.closed(format.number(closing)), () =>
      call("POST /reconciliation/vanished/{stopId}/decide", {
        path: { stopId: stop.id },
        body: { act: "close", ...itemIds },
      }),
    );
  };
  const keep = () =>
    void act(t.kept, () =>
      call("POST /reconciliation/vanished/{stopId}/decide", { path: { stopId: stop.id }, body: { act: "keep" } }),
    );
  return (
    <Card
      className="spaced"
      title={t.stopTitle(stop.file)}
      end={
        <Pill tone={waits ? "notice" : "plain"} icon={waits ? "hold" : "check"}>
          {t.stopState[stop.state]}
        </Pill>
      }
    >
      <p>
        {t.stopText(
          format.number(stop.items),
          format.number(stop.of),
          format.percent(stop.share, 1),
          format.percent(stop.limit, 1),
          format.moneyList(stop.amounts),
        )}
      </p>
      <p className="tiny">
        {stop.creditor.name} · {format.instant(stop.at)}
        {stop.decidedBy !== null && ` · ${stop.decidedBy}, ${format.instant(stop.decidedAt)}`}
      </p>
      {waits &&
        (items.data === undefined ? (
          <Waiting error={items.error} />
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
          <div className="vanish-list" tabIndex={0} role="region" aria-label={t.vanishedItems(stop.file)}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{texts.words.item}</th>
                  <th scope="col">{texts.words.customer}</th>
                  <th scope="col">{texts.words.dueDate}</th>
                  <th scope="col">{t.hint}</th>
                  <th scope="col" className="r">
                    {texts.words.open}
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.itemId}>
                    <td>
                      <label className="pickrow">
                        <input
                          type="checkbox"
                          checked={!kept.has(row.itemId)}
                          onChange={() => {
                            const next = new Set(kept);
                            if (!next.delete(row.itemId)) next.add(row.itemId);
                            setKept(next);
                          }}
                        />
                        {row.number}
                      </label>
                    </td>
                    <td>
                      <Link to="/customers/$customerId" params={{ customerId: row.customer.id }}>
                        {row.customer.name}
                      </Link>
                    </td>
                    <td className="nw">{format.dayShort(row.dueOn)}</td>
                    <td>{row.hint?.text ?? NOTHING}</td>
                    <td className="r">{format.money(row.open)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        ))}
      {waits && stop.mayDecide && (
        <div className="stop-acts">
          <Button go onClick={keep}>
            {t.keepAll}
          </Button>
          <Button onClick={() => setAsking(true)}>{t.closeCount(format.number(closing))}</Button>
        </div>
      )}
      {waits && !stop.mayDecide && <p className="tiny">{t.managerDecides}</p>}
      {asking && (
        <Dialog title={t.closeCount(format.number(closing))} size="sm" onClose={() => setAsking(false)}>
          <div className="form">
            <p>{t.closeText}</p>
            <div className="acts">
              <Button go onClick={close}>
                {t.closeCount(format.number(closing))}
              </Button>
              <Button autofocus onClick={() => setAsking(false)}>
                {texts.runs.keep}
              </Button>
            </div>
          </div>
        </Dialog>
      )}
    </Card>
  );
}
