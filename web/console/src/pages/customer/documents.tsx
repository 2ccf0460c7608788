import { fileAddress } from "../../api/client.ts";
import type { Document } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import type { Column } from "../../parts/list.tsx";
import { ListBar, ListDetail } from "../../parts/list-detail.tsx";
import { useServerList } from "../../parts/server-list.ts";
import { Empty } from "../../parts/page.tsx";

export function CustomerDocuments({ customerId }: { customerId: string }) {
  const texts = useTexts();
  const t = texts.customer;
  const format = useFormat();
  const list = useServerList("GET /customers/{customerId}/documents", {
    key: ["customer", customerId, "documents"],
    path: { customerId },
  });
  const address = (row: Document) => fileAddress(`/documents/${row.id}`);
  const columns: readonly Column<Document>[] = [
    {
      key: "name",
      label: t.document,
      sort: true,
      render: (row) => (
        <a className="link" href={address(row)} target="_blank" rel="noreferrer">
          {row.name}
        </a>
      ),
    },
    { key: "kind", label: t.documentKind, sort: true, render: (row) => texts.words.documentKind[row.kind] },
    { key: "at", label: t.documentAt, sort: true, className: "nw", render: (row) => format.instant(row.at) },
    { key: "bytes", label: t.size, right: true, sort: true, render: (row) => format.bytes(row.bytes) },
  ];
  return (
    <>
      <ListBar list={list} />
      <ListDetail
        label={t.tabs.documents}
        columns={columns}
        list={list}
        onOpen={(row) => window.open(address(row), "_blank", "noreferrer")}
        empty={<Empty title={t.noDocuments} />}
      />
    </>
  );
}
