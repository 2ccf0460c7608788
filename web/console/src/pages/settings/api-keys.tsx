import { NativeSelect, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { call } from "../../api/client.ts";
import type { ApiKey, Role } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { problemText, say } from "../../app/toast.tsx";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { DayInput } from "../../parts/day-input.tsx";
import type { Column } from "../../parts/list.tsx";
import { ListBar, ListDetail } from "../../parts/list-detail.tsx";
import { useServerList } from "../../parts/server-list.ts";
import { Empty, Note, Pill } from "../../parts/page.tsx";
import { Secret } from "./secret.tsx";
import { ROLES } from "./users.tsx";

export function ApiKeys() {
  const texts = useTexts();
  const t = texts.settings;
  const format = useFormat();
  const [adding, setAdding] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const list = useServerList("GET /api-keys", { key: ["api-keys"] });
  const columns: readonly Column<ApiKey>[] = [
    { key: "name", label: t.name, sort: true, render: (row) => <b>{row.name}</b> },
    { key: "role", label: t.role, sort: true, render: (row) => texts.words.role[row.role] },
    { key: "createdAt", label: t.created, sort: true, className: "nw", render: (row) => format.instant(row.createdAt) },
    {
      key: "lastUsedAt",
      label: t.lastUsed,
      sort: true,
      className: "nw",
      render: (row) => format.instant(row.lastUsedAt),
    },
    { key: "expiresAt", label: t.expires, className: "nw", render: (row) => format.instant(row.expiresAt) },
    {
      key: "state",
      label: texts.words.state,
      render: (row) =>
        row.revokedAt !== null ? (
          <Pill>{t.revoked}</Pill>
        ) : (
          <Button ghost onClick={() => setRevoking(row)}>
            {t.revoke}
          </Button>
        ),
    },
  ];
  return (
    <>
      <ListBar list={list}>
        <Button go icon="plus" onClick={() => setAdding(true)}>
          {t.addKey}
        </Button>
      </ListBar>
      <ListDetail
        label={t.tabs.keys}
        columns={columns}
        list={list}
        empty={<Empty title={t.noKeys}>{t.noKeysHint}</Empty>}
      />
      {adding && <KeyDialog onClose={() => setAdding(false)} />}
      {revoking !== null && <RevokeDialog apiKey={revoking} onClose={() => setRevoking(null)} />}
    </>
  );
}

function KeyDialog({ onClose }: { onClose: () => void }) {
  const texts = useTexts();
  const t = texts.settings;
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("agent");
  const [expiresOn, setExpires] = useState<string | null>(null);
  const [sent, setSent] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setSent(true);
    if (name.trim() === "") return;
    try {
      setSecret((await call("POST /api-keys", { body: { name: name.trim(), role, expiresOn } })).secret);
      await queries.invalidateQueries({ queryKey: ["api-keys"] });
    } catch (failure) {
      setError(problemText(failure, texts));
    }
  };
  return (
    <Dialog onClose={onClose} title={t.addKey} size="md">
      {secret !== null ? (
        <div className="form">
          <Secret value={secret} hint={t.secretOnce} />
          <div className="acts">
            <Button go onClick={onClose}>
              {texts.common.close}
            </Button>
          </div>
        </div>
      ) : (
        <form className="form" onSubmit={(event) => void submit(event)} noValidate>
          {error !== null && <Note tone="problem">{error}</Note>}
          <TextInput
            label={t.name}
            data-autofocus
            description={t.keyNameHint}
            value={name}
            error={sent && name.trim() === "" ? t.nameNeeded : null}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <NativeSelect
            label={t.role}
            value={role}
            data={ROLES.map((value) => ({ value, label: texts.words.role[value] }))}
            onChange={(event) => setRole(event.currentTarget.value as Role)}
          />
          <DayInput label={t.expires} optional value={expiresOn} onChange={setExpires} />
          <div className="acts">
            <Button go type="submit">
              {t.addKey}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

function RevokeDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const texts = useTexts();
  const t = texts.settings;
  const queries = useQueryClient();
  const [error, setError] = useState<string | null>(null);
  const revoke = async () => {
    try {
      await call("DELETE /api-keys/{keyId}", { path: { keyId: apiKey.id } });
      say(t.keyRevoked);
      await queries.invalidateQueries({ queryKey: ["api-keys"] });
      onClose();
    } catch (failure) {
      setError(problemText(failure, texts));
    }
  };
  return (
    <Dialog onClose={onClose} title={t.revokeTitle(apiKey.name)} size="sm">
      <div className="form">
        {error !== null && <Note tone="problem">{error}</Note>}
        <p>{t.revokeText}</p>
        <div className="acts">
          <Button go onClick={() => void revoke()}>
            {t.revoke}
          </Button>
          <Button onClick={onClose}>{texts.runs.keep}</Button>
        </div>
      </div>
    </Dialog>
  );
}
