import { useState } from "react";
import { call } from "../../api/client.ts";
import type { AuditEntry, AuditVerified } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { problemText, sayProblem } from "../../app/toast.tsx";
import { Button } from "../../parts/button.tsx";
import type { Column } from "../../parts/list.tsx";
import { ListBar, ListDetail } from "../../parts/list-detail.tsx";
import { useServerList } from "../../parts/server-list.ts";
import { Empty, Note, PageHead } from "../../parts/page.tsx";

export function AuditPage() {
  const texts = useTexts();
  const t = texts.audit;
  const format = useFormat();
  const [verified, setVerified] = useState<AuditVerified | null>(null);
  const [busy, setBusy] = useState(false);
  const list = useServerList("GET /audit", { key: ["audit"], filters: ["act", "actor", "from", "to"] });
  const verify = async () => {
    setBusy(true);
    try {
      setVerified(await call("POST /audit/verify", {}));
    } catch (failure) {
      sayProblem(problemText(failure, texts));
    } finally {
      setBusy(false);
    }
  };
  const names: Readonly<Record<string, string>> = Object.fromEntries(
    Object.entries(t.acts).flatMap(([room, acts]) =>
      Object.entries(acts).map(([act, name]) => [`${room}.${act}`, name] as const),
    ),
  );
  const columns: readonly Column<AuditEntry>[] = [
    { key: "sequence", label: t.number, right: true, sort: true, render: (row) => format.number(row.sequence) },
    { key: "at", label: t.at, sort: true, className: "nw", render: (row) => format.instant(row.at) },
    { key: "actor", label: t.actor, className: "nw", render: (row) => row.actorName ?? row.actor },
    {
      key: "act",
      label: t.act,
      sort: true,
      render: (row) => (
        <>
          {names[row.act] ?? row.act}
          {names[row.act] !== undefined && <span className="tiny mono">{row.act}</span>}
        </>
      ),
    },
    { key: "subject", label: t.subject, className: "nw", render: (row) => <span className="mono">{row.subject}</span> },
    {
      key: "details",
      label: t.details,
      render: (row) => (
        <span className="tiny" style={{ display: "block", maxWidth: 280, overflowWrap: "anywhere" }}>
          {Object.entries(row.details)
            .map(([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
            .join(", ")}
        </span>
      ),
    },
    { key: "hash", label: t.hash, render: (row) => <span className="mono">{row.hash.slice(0, 12)}</span> },
  ];
  return (
    <>
      <PageHead
        name={texts.nav.audit}
        title={texts.nav.audit}
        acts={
          <Button icon="audit" busy={busy} onClick={() => void verify()}>
            {t.verify}
          </Button>
        }
      >
        {t.lead}
      </PageHead>
      <div role="status" className="live">
        {verified !== null &&
          (verified.intact ? (
            <Note tone="good">
              {t.intact(format.number(verified.entries))} <span className="mono">{verified.head}</span>
            </Note>
          ) : (
            <Note tone="problem">{t.broken(format.number(verified.brokenAt ?? 0))}</Note>
          ))}
      </div>
      <ListBar
        list={list}
        placeholder={t.filter}
        filters={[{ name: "act", label: t.act, options: Object.entries(names) }]}
      />
      <ListDetail
        label={texts.nav.audit}
        columns={columns}
        list={list}
        idOf={(row) => String(row.sequence)}
        empty={<Empty title={texts.common.nothingFound} />}
      />
    </>
  );
}
