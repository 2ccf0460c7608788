import { useQuery } from "@tanstack/react-query";
import { call } from "../../api/client.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { useListState } from "../../parts/list.tsx";
import { PageHead, Tabs } from "../../parts/page.tsx";

const PLACES = [
  ["files", "/imports"],
  ["sources", "/imports/sources"],
  ["days", "/imports/days"],
] as const;

export function ImportsHead({ current }: { current: (typeof PLACES)[number][0] }) {
  const texts = useTexts();
  const t = texts.imports;
  const format = useFormat();
  const [{ creditor }] = useListState();
  const { data } = useQuery({
    queryKey: ["sources", creditor],
    queryFn: ({ signal }) => call("GET /sources", { query: { creditor }, signal }),
    retry: false,
  });
  const name = current === "files" ? t.title : texts.sources.place[current];
  return (
    <>
      <PageHead name={name} title={name}>
        {current === "files" ? t.lead : texts.sources.lead[current]}
      </PageHead>
      <Tabs
        label={texts.sources.views}
        current={current}
        tabs={PLACES.map(([key, to]) => ({
          key,
          label: texts.sources.place[key],
          count:
            key === "sources" && data !== undefined && data.alarms.length > 0
              ? format.number(data.alarms.length)
              : undefined,
          to,
          search: { creditor },
        }))}
      />
    </>
  );
}
