import { NativeSelect, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { call } from "../../api/client.ts";
import type { Language, OneTimeLink, Role, User } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { problemText, say } from "../../app/toast.tsx";
import { readAmount } from "../../format/index.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import type { Column } from "../../parts/list.tsx";
import { ListBar, ListDetail } from "../../parts/list-detail.tsx";
import { useServerList } from "../../parts/server-list.ts";
import { Empty, Note, Pill } from "../../parts/page.tsx";
import { Secret } from "./secret.tsx";

export const ROLES: readonly Role[] = ["agent", "manager", "admin", "auditor"];

export function Users() {
  const texts = useTexts();
  const t = texts.settings;
  const format = useFormat();
  const [editing, setEditing] = useState<User | "new" | null>(null);
  const list = useServerList("GET /users", { key: ["users"] });
  const columns: readonly Column<User>[] = [
    {
      key: "name",
      label: t.name,
      sort: true,
      render: (row) => (
        <>
          <button type="button" className="linkbtn" onClick={() => setEditing(row)}>
            {row.name}
          </button>
          <span className="tiny">{row.email}</span>
        </>
      ),
    },
    { key: "role", label: t.role, sort: true, render: (row) => texts.words.role[row.role] },
    { key: "limit", label: t.limit, right: true, render: (row) => format.money(row.limit) },
    {
      key: "state",
      label: texts.words.state,
      render: (row) =>
        row.disabledAt !== null ? (
          <Pill>{t.disabled}</Pill>
        ) : row.hasPassword ? (
          <Pill tone="good">{t.active}</Pill>
        ) : (
          <Pill tone="notice">{t.invited}</Pill>
        ),
    },
    {
      key: "lastSeenAt",
      label: t.lastSeen,
      sort: true,
      className: "nw",
      render: (row) => format.instant(row.lastSeenAt),
    },
  ];
  return (
    <>
      <ListBar list={list}>
        <Button go icon="plus" onClick={() => setEditing("new")}>
          {t.addUser}
        </Button>
      </ListBar>
      <ListDetail
        label={t.tabs.users}
        columns={columns}
        list={list}
        onOpen={setEditing}
        empty={<Empty title={texts.common.nothingFound} />}
      />
      {editing !== null && <UserDialog user={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </>
  );
}

function UserDialog({ user, onClose }: { user: User | null; onClose: () => void }) {
  const texts = useTexts();
  const t = texts.settings;
  const format = useFormat();
  const queries = useQueryClient();
  const [name, setName] = useState(user?.name ?? "");
  const [email, setEmail] = useState(user?.email ?? "");
  const [role, setRole] = useState<Role>(user?.role ?? "agent");
  const [limit, setLimit] = useState(
    (user?.limit.amount ?? "500.00").replace(".", format.language === "de" ? "," : "."),
  );
  const [language, setLanguage] = useState<Language>(format.language);
  const [sent, setSent] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [link, setLink] = useState<OneTimeLink | null>(null);
  const amount = readAmount(limit);
  const currency = user?.limit.currency ?? "EUR";
  const faults = {
    name: name.trim() === "" ? t.nameNeeded : null,
    email: /^\S+@\S+\.\S+$/.test(email.trim()) ? null : t.emailNeeded,
    limit: amount === null || amount.startsWith("-") ? texts.bank.noAmount : null,
  };
  const attempt = async (run: () => Promise<unknown>) => {
    setBusy(true);
    setError(null);
    try {
      await run();
      await queries.invalidateQueries({ queryKey: ["users"] });
    } catch (failure) {
      setError(problemText(failure, texts));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSent(true);
    if (amount === null || Object.values(faults).some((fault) => fault !== null)) return;
    void attempt(async () => {
      if (user === null) {
        const made = await call("POST /users", {
          body: { name: name.trim(), email: email.trim(), role, limit: { amount, currency }, language },
        });
        setLink(made.link);
      } else {
        await call("PATCH /users/{userId}", { path: { userId: user.id }, body: { role, limit: { amount, currency } } });
        say(t.userSaved);
        onClose();
      }
    });
  };
  const newLink = () =>
    attempt(async () => setLink(await call("POST /users/{userId}/sign-in-link", { path: { userId: user?.id ?? "" } })));
  const toggle = () =>
    attempt(async () => {
      await call("PATCH /users/{userId}", {
        path: { userId: user?.id ?? "" },
        body: { disabled: user?.disabledAt === null },
      });
      say(t.userSaved);
      onClose();
    });
  return (
    <Dialog onClose={onClose} title={user === null ? t.addUser : user.name} size="md">
      {link !== null ? (
        <div className="form">
          <Secret value={link.url} hint={t.linkOnce(format.instant(link.expiresAt))} />
          <div className="acts">
            <Button go onClick={onClose}>
              {texts.common.close}
            </Button>
          </div>
        </div>
      ) : (
        <form className="form" onSubmit={submit} noValidate>
          {error !== null && <Note tone="problem">{error}</Note>}
          {user === null && (
            <>
              <TextInput
                label={t.name}
                data-autofocus
                value={name}
                error={sent ? faults.name : null}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <TextInput
                label={t.email}
                type="email"
                value={email}
                error={sent ? faults.email : null}
                onChange={(event) => setEmail(event.currentTarget.value)}
              />
            </>
          )}
          <div className="two">
            <NativeSelect
              label={t.role}
              value={role}
              data={ROLES.map((value) => ({ value, label: texts.words.role[value] }))}
              onChange={(event) => setRole(event.currentTarget.value as Role)}
            />
            <TextInput
              label={`${t.limit} (${currency})`}
              inputMode="decimal"
              value={limit}
              error={sent ? faults.limit : null}
              onChange={(event) => setLimit(event.currentTarget.value)}
            />
          </div>
          <p className="tiny">{t.roleHints[role]}</p>
          {user === null && (
            <NativeSelect
              label={t.language}
              value={language}
              data={[
                { value: "de", label: "Deutsch" },
                { value: "en", label: "English" },
              ]}
              onChange={(event) => setLanguage(event.currentTarget.value as Language)}
            />
          )}
          <div className="acts">
            <Button go type="submit" busy={busy}>
              {user === null ? t.addUser : texts.common.save}
            </Button>
            {user !== null && user.disabledAt === null && (
              <Button icon="key" onClick={() => void newLink()}>
                {t.newLink}
              </Button>
            )}
            {user !== null && (
              <Button onClick={() => void toggle()}>{user.disabledAt === null ? t.disable : t.enable}</Button>
            )}
          </div>
        </form>
      )}
    </Dialog>
  );
}
