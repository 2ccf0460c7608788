import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { call } from "../../api/client.ts";
import type { Customer } from "../../api/contract.ts";
import { useKeys } from "../../app/keys.tsx";
import { useFormat, useMayAct, useTexts } from "../../app/session.tsx";
import { customerNumber } from "../../format/index.ts";
import { useListState } from "../../parts/list.tsx";
import { Pill, type Tab, Tabs, WaitingPage } from "../../parts/page.tsx";
import { MessageList } from "../messages/message-list.tsx";
import { CustomerDocuments } from "./documents.tsx";
import { HoldDialog } from "./hold-dialog.tsx";
import { CustomerItems } from "./items.tsx";
import { CustomerOrders } from "./orders.tsx";
import { Overview } from "./overview.tsx";
import { Parties } from "./parties.tsx";
import { RelatedNotes } from "./related.tsx";
import { CustomerStatement } from "./statement.tsx";
import "./customer.css";

const TABS = ["overview", "items", "orders", "messages", "parties", "documents", "statement"] as const;

export function CustomerPage() {
  const texts = useTexts();
  const t = texts.customer;
  const { customerId = "" } = useParams({ strict: false }) as { customerId?: string };
  const [search, change] = useListState();
  const { creditor } = search;
  const navigate = useNavigate();
  const mayAct = useMayAct();
  const [holding, setHolding] = useState(false);
  const tab = TABS.find((one) => one === search.tab) ?? "overview";
  const { data, error, refetch } = useQuery({
    queryKey: ["customer", customerId, creditor],
    queryFn: ({ signal }) => call("GET /customers/{customerId}", { path: { customerId }, query: { creditor }, signal }),
  });
  const move = (by: number) => {
    const to = TABS[TABS.indexOf(tab) + by];
    if (to !== undefined)
      void navigate({ to: ".", search: { creditor, tab: to === "overview" ? undefined : to } as never, replace: true });
  };
  useKeys([
    ...(mayAct
      ? [
          { keys: "m", label: texts.words.hold, bar: true, run: () => setHolding(true) },
          {
            keys: "n",
            label: texts.words.note,
            bar: true,
            run: () => {
              if (tab !== "overview") change({ tab: undefined });
              setTimeout(() => document.getElementById("new-note")?.focus(), 50);
            },
          },
        ]
      : []),
    { keys: "[", with: "]", label: texts.keys.tabs, bar: true, run: () => move(-1) },
    { keys: "]", label: texts.keys.tabRight, run: () => move(1) },
    {
      keys: "Escape",
      label: texts.keys.back,
      bar: true,
      run: () => void navigate({ to: "/customers", search: { creditor } as never }),
    },
  ]);
  if (data === undefined) return <WaitingPage name={texts.nav.customers} error={error} retry={() => void refetch()} />;
  const tabOf = (key: (typeof TABS)[number], count?: number): Tab => ({
    key,
    label: t.tabs[key],
    count: count === undefined || count === 0 ? undefined : count,
    to: "/customers/$customerId",
    params: { customerId },
    search: { creditor, tab: key === "overview" ? undefined : key },
  });
  return (
    <>
      <CustomerHead customer={data} />
      <RelatedNotes customerId={customerId} />
      <Tabs
        label={t.areas}
        current={tab}
        tabs={[
          tabOf("overview"),
          tabOf("items", data.counts.items),
          tabOf("orders"),
          tabOf("messages", data.counts.messages),
          tabOf("parties", data.counts.parties),
          tabOf("documents", data.counts.documents),
          tabOf("statement"),
        ]}
      />
      {tab === "overview" && <Overview customer={data} onHold={() => setHolding(true)} />}
      {tab === "items" && <CustomerItems customerId={customerId} />}
      {tab === "orders" && <CustomerOrders customerId={customerId} />}
      {tab === "messages" && <MessageList customer={customerId} />}
      {tab === "parties" && <Parties customer={data} />}
      {tab === "documents" && <CustomerDocuments customerId={customerId} />}
      {tab === "statement" && <CustomerStatement customerId={customerId} />}
      {holding && <HoldDialog customer={data} onClose={() => setHolding(false)} />}
    </>
  );
}

function CustomerHead({ customer }: { customer: Customer }) {
  const texts = useTexts();
  const t = texts.customer;
  const format = useFormat();
  useEffect(() => {
    document.title = `${customer.name} · Kulanz`;
  }, [customer.name]);
  const facts = [
    customerNumber(customer.number),
    ...customer.creditors.map((one) => one.name),
    customer.since === null ? null : t.since(customer.since.slice(0, 4)),
    customer.reachableBy.length === 0
      ? t.notReachable
      : t.reachable(customer.reachableBy.map((channel) => texts.words.channel[channel])),
    customer.language === format.language ? null : t.speaks(texts.words.language[customer.language]),
  ].filter((fact) => fact !== null);
  return (
    <div className="hd">
      <div>
        <h1 id="page-title" tabIndex={-1}>
          {customer.name}
          <Pill>{texts.words.kind[customer.kind]}</Pill>
          {customer.group !== null && <Pill>{customer.group}</Pill>}
          {customer.stage !== null && <Pill tone="notice">{customer.stage.text}</Pill>}
          {customer.restricted && (
            <Pill tone="info" icon="shield">
              {texts.customers.restricted}
            </Pill>
          )}
        </h1>
        <p className="mute">{facts.join(" · ")}</p>
      </div>
      <div className="figures">
        {customer.unallocated.map((credit) => (
          <div key={`credit${credit.currency}`}>
            <b>{format.money(credit)}</b>
            <span className="tiny">{t.credit}</span>
          </div>
        ))}
        {customer.open.map((open) => (
          <div key={open.currency}>
            <b>{format.money(open)}</b>
            <span className="tiny">{texts.words.open.toLowerCase()}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
