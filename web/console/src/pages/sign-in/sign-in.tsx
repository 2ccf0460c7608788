import { PasswordInput, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { call } from "../../api/client.ts";
import { useTakeSession, useTexts } from "../../app/session.tsx";
import { Mark } from "../../app/shell.tsx";
import { problemText } from "../../app/toast.tsx";
import { Button } from "../../parts/button.tsx";
import { Note } from "../../parts/page.tsx";
import "./door.css";

export function SignIn() {
  const texts = useTexts();
  const take = useTakeSession();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const summary = useRef<HTMLDivElement>(null);
  useEffect(() => {
    document.title = `${texts.signIn.title} · Kulanz`;
  }, [texts]);
  useEffect(() => {
    if (error !== null) summary.current?.focus();
  }, [error]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setError(null);
    if (email.trim() === "" || password === "") {
      setError(texts.signIn.bothNeeded);
      return;
    }
    setBusy(true);
    try {
      take(await call("POST /session", { body: { email: email.trim(), password } }));
    } catch (failure) {
      setError(problemText(failure, texts));
    } finally {
      setBusy(false);
    }
  };

  return (
    <main className="door">
      <div>
        <Mark />
        <div className="card">
          <h1>{texts.signIn.title}</h1>
          <form className="form" onSubmit={(event) => void submit(event)} noValidate>
            <div ref={summary} tabIndex={-1} role="alert">
              {error !== null && <Note tone="problem">{error}</Note>}
            </div>
            <TextInput
              label={texts.signIn.email}
              type="email"
              autoComplete="username"
              inputMode="email"
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <PasswordInput
              label={texts.signIn.password}
              autoComplete="current-password"
              value={password}
              visibilityToggleButtonProps={{ "aria-label": texts.signIn.showPassword }}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            <Button go type="submit" busy={busy}>
              {texts.signIn.submit}
            </Button>
          </form>
        </div>
        <p className="tiny" style={{ marginTop: 12 }}>
          {texts.signIn.help}
        </p>
      </div>
    </main>
  );
}
