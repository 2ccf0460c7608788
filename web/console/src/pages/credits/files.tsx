import { call, fileAddress } from "../../api/client.ts";
import type { RefundFile } from "../../api/contract.ts";
import { useFormat, useSignedIn, useTexts } from "../../app/session.tsx";
import { iban } from "../../format/index.ts";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { type Column, useListState } from "../../parts/list.tsx";
import { ListDetail } from "../../parts/list-detail.tsx";
import { useServerList } from "../../parts/server-list.ts";
import { Empty } from "../../parts/page.tsx";
import { useAct } from "../../parts/use-act.ts";
import { CreditsHead } from "./credits-head.tsx";

/** Payment files (pain.001) with approved refunds. */
export function RefundFilesPage() {
  const texts = useTexts();
  const t = texts.credits;
  const format = useFormat();
  const { creditors } = useSignedIn();
  const [{ creditor }] = useListState();
  const act = useAct([["credits"]]);
  const list = useServerList("GET /refund-files", { key: ["credits", "files"] });
  const columns: readonly Column<RefundFile>[] = [
    {
      key: "createdAt",
      label: t.made,
      sort: true,
      className: "nw",
      render: (row) => (
        <>
          <b>{format.instant(row.createdAt)}</b>
          <span className="tiny">{row.createdBy}</span>
        </>
      ),
    },
    { key: "creditor", label: texts.words.creditor, render: (row) => row.creditor.name },
    { key: "account", label: t.from, className: "nw", render: (row) => iban(row.account) },
    { key: "refunds", label: t.place.refunds, right: true, sort: true, render: (row) => format.number(row.refunds) },
    { key: "sum", label: texts.common.sum, right: true, sort: true, render: (row) => format.money(row.sum) },
    {
      key: "file",
      label: texts.common.actsHead,
      right: true,
      render: (row) => (
        <span className="rowacts">
          <a className="btn" href={fileAddress(`/refund-files/${row.id}/pain.xml`)} download>
            <Icon name="export" small />
            {t.download}
            <span className="sr"> {format.instant(row.createdAt)}</span>
          </a>
        </span>
      ),
    },
  ];
  const shown = creditors.filter((one) => creditor === undefined || one.id === creditor);
  return (
    <>
      <CreditsHead
        current="files"
        acts={shown.map((one) => (
          <Button
            key={one.id}
            icon="plus"
            onClick={() => void act(t.fileMade, () => call("POST /refund-files", { body: { creditorId: one.id } }))}
          >
            {shown.length === 1 ? t.makeFile : t.makeFileFor(one.name)}
          </Button>
        ))}
      />
      <ListDetail
        label={t.place.files}
        columns={columns}
        list={list}
        empty={<Empty title={t.noFiles}>{t.noFilesHint}</Empty>}
      />
    </>
  );
}
