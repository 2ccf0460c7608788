import { useQuery } from "@tanstack/react-query";
import { call } from "../../api/client.ts";
import type { EntryView } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { ButtonLink } from "../../parts/button.tsx";
import { useListState } from "../../parts/list.tsx";
import { PageHead, Tabs } from "../../parts/page.tsx";
import { BankAlarms } from "./bank-alarms.tsx";
import "./bank.css";

const VIEWS: readonly EntryView[] = ["proposed", "unmatched", "booked", "returned"];
const PLACES = [
  ["ageing", "/bank/ageing"],
  ["twice", "/bank/twice"],
  ["payouts", "/bank/payouts"],
  ["review", "/bank/review"],
  ["learned", "/bank/learned"],
  ["statements", "/bank/statements"],
] as const;
type BankPlace = EntryView | (typeof PLACES)[number][0];

/** Head and tabs of every page about the bank. */
export function BankHead({ current }: { current: BankPlace }) {
  const texts = useTexts();
  const t = texts.bank;
  const format = useFormat();
  const [{ creditor }] = useListState();
  const { data } = useQuery({
    queryKey: ["bank", "summary", creditor],
    queryFn: ({ signal }) => call("GET /bank/summary", { query: { creditor }, signal }),
  });
  const learned = data?.learning;
  const learning =
    learned === undefined || learned.decisions === 0
      ? ""
      : t.learning(
          format.number(learned.decisions),
          learned.version === 0 || learned.since === null ? null : format.dayShort(learned.since.slice(0, 10)),
        );
  const inbox = VIEWS.some((view) => view === current);
  const name = inbox ? texts.nav.bank : t.place[current as (typeof PLACES)[number][0]];
  return (
    <>
      <PageHead
        name={name}
        title={inbox ? texts.nav.bank : name}
        acts={
          <ButtonLink to="/imports" icon="file" keyName="e">
            {t.importStatement}
          </ButtonLink>
        }
      >
        {!inbox
          ? `${t.placeLead[current as (typeof PLACES)[number][0]]} ${current === "learned" ? learning : ""}`
          : data !== undefined &&
            `${t.lead(
              format.number(data.entriesSince),
              format.daySince(data.sinceDay),
              data.entriesSince === 0 ? null : format.percent(data.automaticSince / data.entriesSince, 1),
              data.undoneSince,
            )} ${learning}`}
      </PageHead>
      <Tabs
        label={t.views}
        current={current}
        tabs={[
          ...VIEWS.map((view) => ({
            key: view,
            label: t.view[view],
            count: data === undefined ? undefined : format.number(data.counts[view]),
            to: "/bank",
            search: { creditor, view: view === "proposed" ? undefined : view },
          })),
          ...PLACES.map(([key, to]) => ({
            key,
            label: t.place[key],
            count: key === "statements" && data !== undefined ? format.number(data.statements) : undefined,
            to,
            search: { creditor },
          })),
        ]}
      />
      <BankAlarms />
    </>
  );
}
