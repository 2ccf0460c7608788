import { useQuery } from "@tanstack/react-query";
import { call, fileAddress } from "../../api/client.ts";
import type { RefundFile } from "../../api/contract.ts";
import { useFormat, useSignedIn, useTexts } from "../../app/session.tsx";
import { iban } from "../../format/index.ts";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { type Column, DataList, PAGE, useListState } from "../../parts/list.tsx";
import { Empty } from "../../parts/page.tsx";
import { useAct } from "../../parts/use-act.ts";
import { CreditsHead } from "./credits-head.tsx";

/** Payment files (pain.001) with approved refunds. */
export function RefundFilesPage() {
  const texts = useTexts();
  const t = texts.credits;
  const format = useFormat();
  const { creditors } = useSignedIn();
  const [{ creditor, sort, offset }] = useListState();
  const act = useAct([["credits"]]);
  const query = { creditor, sort, offset: offset ? Number(offset) : undefined, limit: PAGE };
  const { data, error, refetch } = useQuery({
    queryKey: ["credits", "files", query],
    queryFn: ({ signal }) => call("GET /refund-files", { query, signal }),
    placeholderData: (before) => before,
  });
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
      <DataList
        label={t.place.files}
        columns={columns}
        data={data}
        error={error}
        retry={() => void refetch()}
        idOf={(row) => row.id}
        empty={<Empty title={t.noFiles}>{t.noFilesHint}</Empty>}
      />
    </>
  );
}
