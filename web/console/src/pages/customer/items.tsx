import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call, fileAddress } from "../../api/client.ts";
import type { Item, ItemDetail } from "../../api/contract.ts";
import { useFormat, useMayAct, useTexts } from "../../app/session.tsx";
import { amountOf, minorOf, NOTHING } from "../../format/index.ts";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import type { Column } from "../../parts/list.tsx";
import { ListBar, ListDetail } from "../../parts/list-detail.tsx";
import { useServerList } from "../../parts/server-list.ts";
import { Card, Empty, Pill, Waiting } from "../../parts/page.tsx";
import { useChosen } from "../../parts/use-act.ts";
import { WriteOffDialog } from "./write-off-dialog.tsx";

const STATE_TONES = {
  open: "plain",
  paid: "good",
  credited: "good",
  written_off: "plain",
  handed_over: "info",
} as const;

export function CustomerItems({ customerId }: { customerId: string }) {
  const texts = useTexts();
  const t = texts.customer;
  const format = useFormat();
  const list = useServerList("GET /customers/{customerId}/items", {
    key: ["customer", customerId, "items"],
    path: { customerId },
    filters: ["state"],
  });
  const chosen = useChosen(list.rows);
  const columns: readonly Column<Item>[] = [
    {
      key: "number",
      label: texts.words.item,
      sort: true,
      render: (row) => (
        <>
          <b>
            {texts.words.itemKind[row.kind]} {row.number}
          </b>
          <span className="tiny">
            {row.creditor.name} · {row.brand}
            {row.orderNumber !== null && ` · ${t.order(row.orderNumber)}`}
          </span>
        </>
      ),
    },
    {
      key: "dueOn",
      label: texts.words.dueDate,
      sort: true,
      className: "nw",
      render: (row) => format.dayShort(row.dueOn),
    },
    {
      key: "inDefaultSince",
      label: texts.words.inDefault,
      className: "nw",
      render: (row) => format.dayShort(row.inDefaultSince),
    },
    { key: "stage", label: texts.words.stage, render: (row) => row.stage ?? NOTHING },
    {
      key: "state",
      label: texts.words.state,
      render: (row) => <Pill tone={STATE_TONES[row.state]}>{texts.words.itemState[row.state]}</Pill>,
    },
    {
      key: "original",
      label: texts.words.original,
      right: true,
      sort: true,
      render: (row) => format.money(row.original),
    },
    {
      key: "open",
      label: texts.words.open,
      right: true,
      sort: true,
      sum: true,
      render: (row) => format.money(row.open),
    },
  ];
  return (
    <>
      <ListBar
        list={list}
        filters={[
          {
            name: "state",
            label: texts.words.state,
            options: [
              ["open", texts.words.open],
              ["settled", t.settled],
            ],
          },
        ]}
      />
      <ListDetail
        label={t.tabs.items}
        columns={columns}
        list={list}
        chosen={chosen}
        empty={<Empty title={t.nothingOpen} />}
      />
      {chosen.id !== undefined && <Calculation customerId={customerId} itemId={chosen.id} />}
    </>
  );
}

/** Every cent has a reason: what the amount is made of, and each posting. */
function Calculation({ customerId, itemId }: { customerId: string; itemId: string }) {
  const texts = useTexts();
  const t = texts.customer;
  const format = useFormat();
  const mayAct = useMayAct();
  const [writingOff, setWritingOff] = useState(false);
  const { data, error } = useQuery({
    queryKey: ["customer", customerId, "item", itemId],
    queryFn: ({ signal }) =>
      call("GET /customers/{customerId}/items/{itemId}", { path: { customerId, itemId }, signal }),
  });
  if (data === undefined) return <Waiting error={error} />;
  // With the interest up to today, which is not posted yet: the lines add up.
  const total = data.claim.reduce((sum, line) => sum + minorOf(line.amount.amount), 0n);
  return (
    <div className="grid2">
      <Card title={t.calculation(`${texts.words.itemKind[data.kind]} ${data.number}`)} className="scroll">
        <table>
          <tbody>
            {data.claim.map((line) => (
              <tr key={line.label.text}>
                <td>
                  {line.label.text}
                  {line.law !== null && <span className="tiny"> {line.law}</span>}
                </td>
                <td className="r">{format.money(line.amount)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td>{t.claimTotal}</td>
              <td className="r">{format.money({ amount: amountOf(total), currency: data.open.currency })}</td>
            </tr>
          </tfoot>
        </table>
        <div className="acts" style={{ marginTop: 12 }}>
          {data.documentId !== null && (
            <a className="btn" href={fileAddress(`/documents/${data.documentId}`)} target="_blank" rel="noreferrer">
              <Icon name="letter" small />
              {t.original}
            </a>
          )}
          {data.state === "open" && mayAct && (
            <Button icon="note" onClick={() => setWritingOff(true)}>
              {t.proposeWriteOff}
            </Button>
          )}
        </div>
      </Card>
      <Postings item={data} />
      {writingOff && <WriteOffDialog customerId={customerId} item={data} onClose={() => setWritingOff(false)} />}
    </div>
  );
}

function Postings({ item }: { item: ItemDetail }) {
  const texts = useTexts();
  const t = texts.customer;
  const format = useFormat();
  return (
    <Card title={t.postings} end={<span className="mute">{t.appendOnly}</span>} className="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">{t.valueDate}</th>
            <th scope="col">{t.posting}</th>
            <th scope="col">{t.component}</th>
            <th scope="col" className="r">
              {texts.words.amount}
            </th>
          </tr>
        </thead>
        <tbody>
          {item.postings.map((posting) => (
            <tr key={posting.id}>
              <td className="nw">{format.dayShort(posting.valueOn)}</td>
              <td>
                {texts.words.postingKind[posting.kind]}
                {posting.reverses !== null && ` (${t.reversal})`}
                {posting.ground !== null && <span className="tiny"> {posting.ground}</span>}
              </td>
              <td>{texts.words.component[posting.component]}</td>
              <td className="r">{format.money(posting.amount)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
