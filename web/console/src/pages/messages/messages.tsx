import { useQuery } from "@tanstack/react-query";
import { call, fileAddress } from "../../api/client.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { useListState } from "../../parts/list.tsx";
import { PageHead, Tabs } from "../../parts/page.tsx";
import { MessageList } from "./message-list.tsx";

const VIEWS = ["all", "queued", "left", "parked", "local"] as const;

/** Every message and how it ended; where no mail server is set, the mails that lie here instead. */
export function MessagesPage() {
  const texts = useTexts();
  const t = texts.messages;
  const [{ creditor, view = "all" }] = useListState();
  return (
    <>
      <PageHead
        name={texts.nav.messages}
        title={texts.nav.messages}
        acts={view === "local" ? undefined : <PrintBatches creditor={creditor} />}
      >
        {view === "local" ? t.localLead : t.lead}
      </PageHead>
      <Tabs
        label={t.views}
        current={view}
        tabs={VIEWS.map((key) => ({
          key,
          label: t.view[key],
          to: "/messages",
          search: { creditor, view: key === "all" ? undefined : key },
        }))}
      />
      <MessageList view={VIEWS.find((one) => one === view) ?? "all"} />
    </>
  );
}

/** Days whose letters may still lie unprinted. */
const DAYS = 2;

/** Letters of the last days on which some left, each day as one PDF (a hundred a file). */
function PrintBatches({ creditor }: { creditor: string | undefined }) {
  const t = useTexts().messages;
  const format = useFormat();
  const { data } = useQuery({
    queryKey: ["messages", "print-batches", creditor],
    queryFn: ({ signal }) => call("GET /print-batches", { query: { creditor }, signal }),
  });
  return (data ?? []).slice(0, DAYS).flatMap(({ day, letters, files }) =>
    Array.from({ length: files }, (_, index) => (
      <a
        key={`${day}-${index}`}
        href={fileAddress(`/print-batches/${day}`, { creditor, part: index + 1 })}
        target="_blank"
        rel="noreferrer"
      >
        {files === 1
          ? t.printBatch(format.dayShort(day), format.number(letters))
          : t.printBatchPart(format.dayShort(day), index + 1, files)}
      </a>
    )),
  );
}
