import type { Certainty, DuplicateRow, PairState } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { customerNumber } from "../../format/index.ts";
import { type Column, useListState } from "../../parts/list.tsx";
import { ListBar, ListDetail } from "../../parts/list-detail.tsx";
import { Empty, PageHead, Pill, Tabs } from "../../parts/page.tsx";
import { useServerList } from "../../parts/server-list.ts";
import { useChosen } from "../../parts/use-act.ts";
import { PairCompare } from "./pair.tsx";
import "./duplicates.css";

const TONES = { sure: "good", likely: "info", possible: "plain" } as const;
const CERTAINTIES: readonly Certainty[] = ["sure", "likely", "possible"];
const STATES = ["merged", "household", "different"] as const satisfies readonly PairState[];

/** Files that may be one person: a list of pairs, and the two compared side by side. */
export function DuplicatesPage() {
  const texts = useTexts();
  const t = texts.duplicates;
  const format = useFormat();
  const [{ creditor, certainty, state }] = useListState();
  const list = useServerList("GET /duplicates", { key: ["duplicates"], filters: ["certainty", "state"] });
  const chosen = useChosen(list.rows);
  const columns: readonly Column<DuplicateRow>[] = [
    {
      key: "left",
      label: t.pair,
      render: (row) => (
        <>
          <b>{row.left.name}</b>
          <span className="tiny">{customerNumber(row.left.number)}</span>
          <b>{row.right.name}</b>
          <span className="tiny">{customerNumber(row.right.number)}</span>
        </>
      ),
    },
    {
      key: "score",
      label: t.certaintyHead,
      sort: true,
      render: (row) => (
        <>
          <Pill tone={TONES[row.certainty]}>{t.certainty[row.certainty]}</Pill>
          <span className="tiny">{row.reasons.map((reason) => reason.text).join(", ")}</span>
        </>
      ),
    },
    { key: "open", label: texts.words.open, right: true, render: (row) => format.moneyList(row.open) },
  ];
  const tab = (key: string, label: string, filter: Record<string, string | undefined>) => {
    const count = list.data?.counts[key as Certainty | PairState];
    return {
      key,
      label,
      count: count === undefined ? undefined : format.number(count),
      to: "/duplicates",
      search: { creditor, ...filter },
    };
  };
  return (
    <>
      <PageHead name={texts.nav.duplicates} title={texts.nav.duplicates}>
        {t.lead}
      </PageHead>
      <Tabs
        label={t.views}
        current={state ?? certainty ?? "open"}
        tabs={[
          tab("open", t.all, {}),
          ...CERTAINTIES.map((key) => tab(key, t.certaintyTab[key], { certainty: key })),
          ...STATES.map((key) => tab(key, t.state[key], { state: key })),
        ]}
      />
      <ListBar list={list} />
      <ListDetail
        list={list}
        chosen={chosen}
        shape="compare"
        label={texts.nav.duplicates}
        columns={columns}
        empty={<Empty title={t.none}>{t.noneHint}</Empty>}
      >
        {(row) => (
          <PairCompare key={row.id} pairId={row.id} onDecided={chosen.advance} onUndone={() => chosen.select(row)} />
        )}
      </ListDetail>
    </>
  );
}
