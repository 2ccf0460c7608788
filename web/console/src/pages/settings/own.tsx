import { Checkbox, PasswordInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { call } from "../../api/client.ts";
import type { Preferences } from "../../api/contract.ts";
import { useFormat, useSignedIn, useTakeSession, useTexts } from "../../app/session.tsx";
import { problemText, say, sayProblem } from "../../app/toast.tsx";
import { Button } from "../../parts/button.tsx";
import { Card, Note } from "../../parts/page.tsx";

export function Own() {
  return (
    <div className="settings">
      <PreferencesCard />
      <div style={{ display: "grid", gap: 14 }}>
        <Account />
        <PasswordCard />
      </div>
    </div>
  );
}

/** Choices take effect at once. */
function PreferencesCard() {
  const texts = useTexts();
  const t = texts.settings;
  const session = useSignedIn();
  const take = useTakeSession();
  const { preferences } = session.user;
  const set = async (change: Partial<Preferences>) => {
    const before = session;
    take({ ...session, user: { ...session.user, preferences: { ...preferences, ...change } } });
    try {
      await call("PATCH /me", { body: change });
    } catch (error) {
      take(before);
      sayProblem(problemText(error, texts));
    }
  };
  return (
    <Card title={t.own}>
      <div className="form">
        <fieldset className="cards">
          <legend>{t.language}</legend>
          {(["de", "en"] as const).map((language) => (
            <label key={language}>
              <input
                type="radio"
                name="language"
                checked={preferences.language === language}
                onChange={() => void set({ language })}
              />
              <span lang={language}>{language === "de" ? "Deutsch" : "English"}</span>
            </label>
          ))}
        </fieldset>
        <fieldset className="cards">
          <legend>{t.colourScheme}</legend>
          {(["auto", "light", "dark"] as const).map((colourScheme) => (
            <label key={colourScheme}>
              <input
                type="radio"
                name="scheme"
                checked={preferences.colourScheme === colourScheme}
                onChange={() => void set({ colourScheme })}
              />
              <span>{t.schemes[colourScheme]}</span>
            </label>
          ))}
        </fieldset>
        <Checkbox
          label={t.singleKeys}
          description={t.singleKeysHint}
          checked={preferences.singleKeys}
          onChange={(event) => void set({ singleKeys: event.currentTarget.checked })}
        />
      </div>
    </Card>
  );
}

function Account() {
  const texts = useTexts();
  const t = texts.settings;
  const format = useFormat();
  const { user, tenant, version } = useSignedIn();
  const queries = useQueryClient();
  const signOut = async () => {
    try {
      await call("DELETE /session", {});
    } finally {
      queries.clear();
      window.location.assign("/");
    }
  };
  return (
    <Card title={t.account} end={<span className="mute">Kulanz {version}</span>}>
      <dl className="facts">
        <dt>{t.name}</dt>
        <dd>{user.name}</dd>
        <dt>{t.email}</dt>
        <dd>{user.email}</dd>
        <dt>{t.role}</dt>
        <dd>{texts.words.role[user.role]}</dd>
        <dt>{t.limit}</dt>
        <dd>{t.limitText(format.money(user.limit))}</dd>
        <dt>{t.tenant}</dt>
        <dd>{tenant.name}</dd>
      </dl>
      <div className="acts" style={{ marginTop: 14 }}>
        <Button icon="out" onClick={() => void signOut()}>
          {t.signOut}
        </Button>
      </div>
    </Card>
  );
}

function PasswordCard() {
  const texts = useTexts();
  const t = texts.settings;
  const { user } = useSignedIn();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [sent, setSent] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const short = next.length < 12 ? texts.setUp.tooShort(12) : null;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setSent(true);
    setError(null);
    if (short !== null) return;
    setBusy(true);
    try {
      await call("PUT /me/password", { body: { current, next } });
      say(t.passwordChanged);
      setCurrent("");
      setNext("");
      setSent(false);
    } catch (failure) {
      setError(problemText(failure, texts));
    } finally {
      setBusy(false);
    }
  };
  const eye = { "aria-label": texts.signIn.showPassword };
  return (
    <Card title={t.password}>
      <form className="form" onSubmit={(event) => void submit(event)} noValidate>
        {error !== null && <Note tone="problem">{error}</Note>}
        <input type="email" autoComplete="username" value={user.email} readOnly hidden />
        <PasswordInput
          label={t.currentPassword}
          autoComplete="current-password"
          visibilityToggleButtonProps={eye}
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <PasswordInput
          label={t.newPassword}
          description={texts.setUp.hint(12)}
          autoComplete="new-password"
          visibilityToggleButtonProps={eye}
          value={next}
          error={sent ? short : null}
          onChange={(event) => setNext(event.currentTarget.value)}
        />
        <div className="acts">
          <Button type="submit" busy={busy}>
            {t.changePassword}
          </Button>
        </div>
      </form>
    </Card>
  );
}
