import { useTexts } from "../../app/session.tsx";
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
      <PageHead name={texts.nav.messages} title={texts.nav.messages}>
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
