import { Link } from "@tanstack/react-router";
import type { Channel, MessageRow, MessageState } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { NOTHING } from "../../format/index.ts";
import { Icon } from "../../parts/icon.tsx";
import { type Column, DataList, useListState } from "../../parts/list.tsx";
import { ListBar } from "../../parts/list-detail.tsx";
import { useServerList } from "../../parts/server-list.ts";
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
  const ofView = view === "queued" || view === "left" || view === "parked" ? view : undefined;
  const list = useServerList("GET /messages", {
    key: ["messages"],
    filters: ["state", "channel"],
    always: {
      ...(customer === undefined ? {} : { customer }),
      ...(run === undefined ? {} : { run }),
      ...(ofView === undefined ? {} : { state: ofView }),
      ...(view === "local" ? { local: "yes" } : {}),
    },
    refetchInterval: () => 15_000,
  });
  const [{ sel, offset }, change] = useListState();
  // what the address names is shown even when it stands on another page of the list
  const current = sel ?? list.rows[0]?.id;
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
      <ListBar
        list={list}
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
      />
      <div className="messages fill">
        <DataList
          label={texts.nav.messages}
          columns={columns}
          data={list.data}
          error={list.error}
          retry={list.retry}
          current={current}
          onCurrent={(row) => change({ sel: row.id, offset })}
          empty={<Empty title={view === "local" ? t.noLocal : t.none} />}
        />
        {current !== undefined && <MessageDetail messageId={current} />}
      </div>
    </>
  );
}
