import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "../../api/client.ts";
import type { WorkAct, WorkItem, WorkKind } from "../../api/contract.ts";
import { useKeys } from "../../app/keys.tsx";
import { useFormat, useTexts } from "../../app/session.tsx";
import { NOTHING } from "../../format/index.ts";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { CustomerCell } from "../../parts/customer-cell.tsx";
import { type Column, ExportMenu, useListState } from "../../parts/list.tsx";
import { ListBar, ListDetail } from "../../parts/list-detail.tsx";
import { useServerList } from "../../parts/server-list.ts";
import { useAct, useChosen } from "../../parts/use-act.ts";
import { Empty, PageHead, Tabs } from "../../parts/page.tsx";
import { WorkDetail } from "./work-detail.tsx";
import "./worklist.css";

const ICONS: Readonly<Record<WorkKind, IconName>> = {
  callback: "phone",
  dispute: "object",
  claimed_paid: "swap",
  parked_message: "mail",
  hand_over: "law",
  write_off: "note",
  overpayment: "coins",
  finding: "check",
  credit_note_overdue: "parcel",
  vanished_item: "gone",
  difference: "scale",
  refund: "out",
  duplicate_payment: "copy",
  match_review: "eye",
  tell_partner: "phone",
  unreachable: "letter",
  approval: "done",
  hold_review: "hold",
};
const KINDS = Object.keys(ICONS) as WorkKind[];
/** The kinds a person on the phone or at the desk asks for by name; the others are in the filter. */
const TABS: readonly WorkKind[] = [
  "callback",
  "dispute",
  "claimed_paid",
  "approval",
  "parked_message",
  "hand_over",
  "write_off",
];

/** Acts that are taken back by `reopen`; the others are final and ask first. */
const UNDOABLE: ReadonlySet<WorkAct> = new Set(["done", "later", "approve", "refuse", "end_hold", "right"]);

export function WorklistPage() {
  const texts = useTexts();
  const t = texts.work;
  const format = useFormat();
  const [{ creditor, kind, due }] = useListState();
  const navigate = useNavigate();
  const [later, setLater] = useState(false);
  const list = useServerList("GET /worklist", {
    key: ["worklist"],
    filters: ["kind", "due"],
    refetchInterval: () => 30_000,
  });
  const chosen = useChosen(list.rows);
  const { current } = chosen;

  const act = useAct([["worklist"]]);
  const decide = async (item: WorkItem, what: WorkAct, until: string | null = null, note: string | null = null) => {
    const path = { workId: item.id };
    await act(
      t.decided[what],
      async () => {
        await call("POST /worklist/{workId}/decide", { path, body: { act: what, until, note } });
        chosen.advance();
      },
      UNDOABLE.has(what) ? () => call("POST /worklist/{workId}/reopen", { path }) : undefined,
    );
  };

  useKeys([
    { keys: "a", label: t.carryOut, bar: true, run: () => current?.acts[0] && void decide(current, current.acts[0]) },
    { keys: "s", label: t.later, bar: true, run: () => current?.acts.includes("later") && setLater(true) },
  ]);

  const columns: readonly Column<WorkItem>[] = [
    {
      key: "customer",
      label: t.customer,
      sort: true,
      render: (row) =>
        row.customer === null ? (
          (row.creditor?.name ?? NOTHING)
        ) : (
          <CustomerCell customer={row.customer} more={row.creditor !== null && ` · ${row.creditor.name}`} />
        ),
    },
    {
      key: "step",
      label: t.step,
      render: (row) => (
        <span className="step">
          <Icon name={ICONS[row.kind]} />
          <span>
            {row.step.text}
            <span className="tiny">{row.why.text}</span>
          </span>
        </span>
      ),
    },
    {
      key: "open",
      label: texts.words.open,
      right: true,
      sort: true,
      sum: true,
      render: (row) => (row.open === null ? NOTHING : format.money(row.open)),
    },
    {
      key: "dueOn",
      label: t.until,
      sort: true,
      className: "nw",
      render: (row) => (row.dueAt === null ? format.dayWaits(row.dueOn) : format.instant(row.dueAt)),
    },
  ];
  const counts = list.data?.counts ?? {};
  const tab = (key: "now" | "later" | WorkKind, label: string, filter: Record<string, string | undefined>) => ({
    key,
    label,
    count: counts[key] === undefined ? undefined : format.number(counts[key]),
    to: "/worklist",
    search: { creditor, ...filter },
  });

  return (
    <>
      <PageHead
        name={texts.nav.worklist}
        title={texts.nav.worklist}
        acts={<ExportMenu path="/worklist" query={list.query} />}
      >
        {t.lead}
      </PageHead>
      <Tabs
        label={t.views}
        current={kind ?? (due === "later" ? "later" : "now")}
        tabs={[
          tab("now", t.now, {}),
          ...TABS.filter((one) => (counts[one] ?? 0) > 0 || one === kind).map((one) =>
            tab(one, t.kinds[one], { kind: one }),
          ),
          tab("later", t.laterTab, { due: "later" }),
        ]}
      />
      <ListBar
        list={list}
        file={false}
        filters={[
          {
            name: "kind",
            label: t.kind,
            options: KINDS.filter((one) => (counts[one] ?? 0) > 0 || one === kind).map((one) => [
              one,
              `${t.kinds[one]} (${format.number(counts[one] ?? 0)})`,
            ]),
          },
        ]}
      />
      <ListDetail
        list={list}
        chosen={chosen}
        label={texts.nav.worklist}
        columns={columns}
        onOpen={(row) =>
          row.customer && void navigate({ to: "/customers/$customerId", params: { customerId: row.customer.id } })
        }
        rowClass="two-line"
        empty={<Empty title={t.empty}>{t.emptyNext}</Empty>}
      >
        {(row) => <WorkDetail item={row} onDecide={decide} later={later} onLater={setLater} />}
      </ListDetail>
    </>
  );
}
