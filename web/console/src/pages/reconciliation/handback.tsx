import { useQuery } from "@tanstack/react-query";
import { call, fileAddress } from "../../api/client.ts";
import type { HandbackBatch, HandbackPending, HandbackSums } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { type Column, useListState } from "../../parts/list.tsx";
import { ListDetail } from "../../parts/list-detail.tsx";
import { useServerList } from "../../parts/server-list.ts";
import { Card, Empty, Note, Pill, Waiting } from "../../parts/page.tsx";
import { useAct } from "../../parts/use-act.ts";
import { ReconciliationHead } from "./reconciliation-tabs.tsx";

/** Fees, interest and write-offs of ours go back to the system that leads, as postings in batches. */
export function HandbackPage() {
  const texts = useTexts();
  const t = texts.reconciliation;
  const format = useFormat();
  const [{ creditor }] = useListState();
  const act = useAct([["handback"], ["reconciliation"]]);
  const pending = useQuery({
    queryKey: ["handback", "pending", creditor],
    queryFn: ({ signal }) => call("GET /handback/pending", { query: { creditor }, signal }),
  });
  const batches = useServerList("GET /handback/batches", { key: ["handback", "batches"] });
  const columns: readonly Column<HandbackBatch>[] = [
    {
      key: "number",
      label: t.batch,
      sort: true,
      render: (row) => (
        <>
          <b>{t.batchNumber(row.number)}</b>
          <span className="tiny">{row.creditor.name}</span>
        </>
      ),
    },
    {
      key: "from",
      label: t.period,
      className: "nw",
      render: (row) => `${format.dayShort(row.from)} ${texts.common.to} ${format.dayShort(row.to)}`,
    },
    { key: "postings", label: t.postings, right: true, sort: true, render: (row) => format.number(row.postings) },
    { key: "sums", label: texts.words.amount, right: true, render: (row) => format.moneyList(row.sums) },
    {
      key: "createdAt",
      label: t.made,
      sort: true,
      className: "nw",
      render: (row) => (
        <>
          {format.instant(row.createdAt)}
          <span className="tiny">{row.createdBy}</span>
        </>
      ),
    },
    {
      key: "takenAt",
      label: texts.words.state,
      render: (row) =>
        row.takenAt === null ? (
          <Pill tone="notice">{t.notTaken}</Pill>
        ) : (
          <Pill tone="good" icon="check">
            {t.taken(format.instant(row.takenAt))}
          </Pill>
        ),
    },
    {
      key: "files",
      label: texts.common.actsHead,
      right: true,
      render: (row) => (
        <span className="rowacts">
          {(["datev", "csv"] as const).map((kind) => (
            <a
              key={kind}
              className="btn"
              href={fileAddress(`/handback/batches/${row.id}/file`, { format: kind })}
              download
              aria-label={t.download(t.file[kind], row.number)}
            >
              <Icon name="export" small />
              {t.file[kind]}
            </a>
          ))}
          {row.takenAt === null && (
            <Button
              label={t.markTakenOf(row.number)}
              onClick={() =>
                void act(t.markedTaken, () =>
                  call("POST /handback/batches/{batchId}/taken", { path: { batchId: row.id } }),
                )
              }
            >
              {t.markTaken}
            </Button>
          )}
        </span>
      ),
    },
  ];
  const make = (one: HandbackPending) =>
    void act(t.batchMade, () => call("POST /handback/batches", { body: { creditorId: one.creditor.id } }));
  return (
    <>
      <ReconciliationHead current="handback" />
      {pending.data === undefined ? (
        <Waiting error={pending.error} retry={() => void pending.refetch()} />
      ) : (
        <div className="grid2">
          {pending.data.map((one) => (
            <Card
              key={one.creditor.id}
              className="spaced"
              title={one.creditor.name}
              end={one.oldest !== null && <span className="mute">{t.oldest(format.dayShort(one.oldest))}</span>}
            >
              {one.postings === 0 ? (
                <p className="mute">{t.nothingPending}</p>
              ) : (
                <>
                  <Kinds sums={one} />
                  {one.mayNot !== null ? (
                    <Note tone="notice">{one.mayNot.text}</Note>
                  ) : (
                    <div className="acts">
                      <Button onClick={() => make(one)}>{t.makeBatch(format.number(one.postings))}</Button>
                    </div>
                  )}
                </>
              )}
            </Card>
          ))}
        </div>
      )}
      <ListDetail label={t.place.handback} columns={columns} list={batches} empty={<Empty title={t.noBatches} />} />
    </>
  );
}

function Kinds({ sums }: { sums: HandbackSums }) {
  const texts = useTexts();
  const t = texts.reconciliation;
  const format = useFormat();
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t.what}</th>
          <th scope="col" className="r">
            {t.postings}
          </th>
          <th scope="col" className="r">
            {texts.words.amount}
          </th>
        </tr>
      </thead>
      <tbody>
        {sums.byKind.map((kind) => (
          <tr key={`${kind.kind.code}${kind.amount.currency}`}>
            <td>{kind.kind.text}</td>
            <td className="r">{format.number(kind.postings)}</td>
            <td className="r">{format.bare(kind.amount)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td>{texts.common.sum}</td>
          <td className="r">{format.number(sums.postings)}</td>
          <td className="r">{format.moneyList(sums.sums)}</td>
        </tr>
      </tfoot>
    </table>
  );
}
