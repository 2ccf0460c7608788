import { useQuery } from "@tanstack/react-query";
import { call, fileAddress } from "../../api/client.ts";
import type { Document } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { type Column, DataList, FilterBar, PAGE, useListState } from "../../parts/list.tsx";
import { Empty } from "../../parts/page.tsx";

export function CustomerDocuments({ customerId }: { customerId: string }) {
  const texts = useTexts();
  const t = texts.customer;
  const format = useFormat();
  const [{ q, sort, offset }] = useListState();
  const query = { q, sort, offset: offset ? Number(offset) : undefined, limit: PAGE };
  const { data, error, refetch } = useQuery({
    queryKey: ["customer", customerId, "documents", query],
    queryFn: ({ signal }) => call("GET /customers/{customerId}/documents", { path: { customerId }, query, signal }),
    placeholderData: (before) => before,
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
      <FilterBar
        placeholder={texts.common.filterText}
        exportPath={`/customers/${customerId}/documents`}
        exportQuery={query}
      />
      <DataList
        label={t.tabs.documents}
        columns={columns}
        data={data}
        error={error}
        retry={() => void refetch()}
        idOf={(row) => row.id}
        onOpen={(row) => window.open(address(row), "_blank", "noreferrer")}
        empty={<Empty title={t.noDocuments} />}
      />
    </>
  );
}
