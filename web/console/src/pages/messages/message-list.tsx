import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { call } from "../../api/client.ts";
import type { Channel, MessageRow, MessageState } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { NOTHING } from "../../format/index.ts";
import { Icon } from "../../parts/icon.tsx";
import { type Column, DataList, FilterBar, PAGE, useListState } from "../../parts/list.tsx";
import { Empty, Pill, type PillTone } from "../../parts/page.tsx";
import { MessageDetail } from "./message-detail.tsx";
import "../worklist/worklist.css";
import "../customer/customer.css";
import "./messages.css";

export const STATE_TONES: Readonly<Record<MessageState, PillTone>> = {
  queued: "plain",
  leaving: "info",
  left: "good",
  failed: "problem",
  unknown: "notice",
  dropped: "plain",
  parked: "notice",
};
const CHANNELS: readonly Channel[] = ["email", "letter"];
const STATES = ["queued", "leaving", "left", "failed", "unknown", "dropped", "parked"] as const;

/** Messages of a customer, of a run, or all; the chosen one beside it as it left. */
export function MessageList({
  customer,
  run,
  view = "all",
}: {
  customer?: string;
  run?: string;
  view?: "all" | "queued" | "left" | "parked" | "local";
}) {
  const texts = useTexts();
  const t = texts.messages;
  const format = useFormat();
  const [{ creditor, q, state, channel, sort, offset, sel }, change] = useListState();
  const ofView = view === "queued" || view === "left" || view === "parked" ? view : undefined;
  const query = {
    creditor,
    q,
    customer,
    run,
    state: (ofView ?? state) as MessageState | undefined,
    channel: channel as Channel | undefined,
    local: view === "local" ? ("yes" as const) : undefined,
    sort,
    offset: offset ? Number(offset) : undefined,
    limit: PAGE,
  };
  const { data, error, refetch } = useQuery({
    queryKey: ["messages", query],
    queryFn: ({ signal }) => call("GET /messages", { query, signal }),
    placeholderData: (before) => before,
    refetchInterval: 15_000,
  });
  const current = sel ?? data?.rows[0]?.id;
  const columns: readonly Column<MessageRow>[] = [
    ...(customer === undefined
      ? [
          {
            key: "customer",
            label: texts.words.customer,
            sort: true,
            render: (row: MessageRow) =>
              row.customer === null ? (
                t.toOneself
              ) : (
                <b>
                  <Link to="/customers/$customerId" params={{ customerId: row.customer.id }}>
                    {row.customer.name}
                  </Link>
                </b>
              ),
          },
        ]
      : []),
    {
      key: "subject",
      label: t.subject,
      render: (row) => (
        <span className="step">
          <Icon name={row.channel === "letter" ? "letter" : "mail"} small />
          <span>
            <span className="sr">{texts.words.channel[row.channel]}: </span>
            {row.subject}
            <span className="tiny">{row.stageName ?? NOTHING}</span>
          </span>
        </span>
      ),
    },
    {
      key: "state",
      label: texts.words.state,
      sort: true,
      render: (row) => (
        <>
          <Pill tone={STATE_TONES[row.state]}>
            {row.local && row.state === "left" ? t.local : texts.words.messageState[row.state]}
          </Pill>{" "}
          {row.needsApproval && row.state === "queued" && <Pill tone="info">{t.needsApproval}</Pill>}
          {row.reason !== null && <span className="tiny">{row.reason.text}</span>}
        </>
      ),
    },
    {
      key: "amount",
      label: texts.words.amount,
      right: true,
      sort: true,
      render: (row) => (row.amount === null ? NOTHING : format.money(row.amount)),
    },
    {
      key: "leftAt",
      label: t.at,
      sort: true,
      className: "nw",
      render: (row) => format.instant(row.leftAt ?? row.createdAt),
    },
  ];
  return (
    <>
      <FilterBar
        placeholder={texts.common.filterText}
        filters={[
          ...(ofView === undefined
            ? [
                {
                  name: "state",
                  label: texts.words.state,
                  options: STATES.map((key) => [key, texts.words.messageState[key]] as const),
                },
              ]
            : []),
          {
            name: "channel",
            label: texts.words.channelHead,
            options: CHANNELS.map((key) => [key, texts.words.channel[key]] as const),
          },
        ]}
        count={data && texts.common.rows(format.number(data.total))}
        exportPath="/messages"
        exportQuery={query}
      />
      <div className="messages fill">
        <DataList
          label={texts.nav.messages}
          columns={columns}
          data={data}
          error={error}
          retry={() => void refetch()}
          idOf={(row) => row.id}
          current={current}
          onCurrent={(row) => change({ sel: row.id, offset })}
          empty={<Empty title={view === "local" ? t.noLocal : t.none} />}
        />
        {current !== undefined && <MessageDetail messageId={current} />}
      </div>
    </>
  );
}
