import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "../../api/client.ts";
import type { WorkAct, WorkItem, WorkKind } from "../../api/contract.ts";
import { useKeys } from "../../app/keys.tsx";
import { useFormat, useTexts } from "../../app/session.tsx";
import { problemText, say, sayProblem } from "../../app/toast.tsx";
import { customerNumber, NOTHING } from "../../format/index.ts";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { type Column, DataList, ExportMenu, FilterBar, PAGE, useListState } from "../../parts/list.tsx";
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
const UNDOABLE: ReadonlySet<WorkAct> = new Set(["done", "later", "approve", "refuse", "end_hold"]);

export function WorklistPage() {
  const texts = useTexts();
  const t = texts.work;
  const format = useFormat();
  const [search, change] = useListState();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [later, setLater] = useState(false);
  const { creditor, kind, due, q, sort, offset } = search;
  const query = {
    creditor,
    kind: kind as WorkKind | undefined,
    due: due as "later" | "now" | undefined,
    q,
    sort,
    offset: offset ? Number(offset) : undefined,
    limit: PAGE,
  };
  const { data, error, refetch } = useQuery({
    queryKey: ["worklist", query],
    queryFn: ({ signal }) => call("GET /worklist", { query, signal }),
    refetchInterval: 30_000,
  });
  const rows = data?.rows ?? [];
  const current = rows.find((row) => row.id === search.sel) ?? rows[0];

  const decide = async (item: WorkItem, act: WorkAct, until: string | null = null, note: string | null = null) => {
    const at = rows.indexOf(item);
    const following = rows[at + 1] ?? rows[at - 1];
    try {
      await call("POST /worklist/{workId}/decide", { path: { workId: item.id }, body: { act, until, note } });
      say(
        t.decided[act],
        UNDOABLE.has(act)
          ? async () => {
              await call("POST /worklist/{workId}/reopen", { path: { workId: item.id } });
              await queries.invalidateQueries({ queryKey: ["worklist"] });
            }
          : undefined,
      );
      change({ sel: following?.id, offset });
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["worklist"] }),
        queries.invalidateQueries({ queryKey: ["counts"] }),
      ]);
    } catch (failure) {
      sayProblem(problemText(failure, texts));
      await refetch();
    }
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
          <>
            <b>
              <Link to="/customers/$customerId" params={{ customerId: row.customer.id }}>
                {row.customer.name}
              </Link>
            </b>
            <span className="tiny">
              {customerNumber(row.customer.number)}
              {row.creditor !== null && ` · ${row.creditor.name}`}
            </span>
          </>
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
  const counts = data?.counts ?? {};
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
        acts={<ExportMenu path="/worklist" query={query} />}
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
      <FilterBar
        placeholder={texts.common.filterText}
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
        count={data && texts.common.rows(format.number(data.total))}
      />
      <div className="listdetail fill">
        <DataList
          label={texts.nav.worklist}
          columns={columns}
          data={data}
          error={error}
          retry={() => void refetch()}
          idOf={(row) => row.id}
          current={current?.id}
          onCurrent={(row) => change({ sel: row.id, offset })}
          onOpen={(row) =>
            row.customer && void navigate({ to: "/customers/$customerId", params: { customerId: row.customer.id } })
          }
          rowClass="two-line"
          empty={<Empty title={t.empty}>{t.emptyNext}</Empty>}
        />
        {current !== undefined && <WorkDetail item={current} onDecide={decide} later={later} onLater={setLater} />}
      </div>
    </>
  );
}
