import { PasswordInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { call } from "../../api/client.ts";
import { useHere, useTakeSession, useTexts } from "../../app/session.tsx";
import { Mark } from "../../app/shell.tsx";
import { problemText } from "../../app/toast.tsx";
import { Button } from "../../parts/button.tsx";
import { Note, Waiting } from "../../parts/page.tsx";
import "../sign-in/door.css";

const LENGTH_MIN = 12;

/** The one-time link: its secret stands behind `#`, is taken out of the address at once, and sets the first password. */
export function SetUp() {
  const texts = useTexts();
  const { session } = useHere();
  const take = useTakeSession();
  const navigate = useNavigate();
  const [token] = useState(() => window.location.hash.slice(1));
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [sent, setSent] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    document.title = `${texts.setUp.title} · Kulanz`;
    if (window.location.hash !== "") window.history.replaceState(null, "", window.location.pathname);
  }, [texts]);
  const link = useQuery({
    queryKey: ["sign-in-link", token],
    queryFn: () => call("POST /sign-in-links/inspect", { body: { token } }),
    enabled: session !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

  const short = password.length < LENGTH_MIN ? texts.setUp.tooShort(LENGTH_MIN) : null;
  const differs = password !== again ? texts.setUp.differs : null;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setSent(true);
    setError(null);
    if (short !== null || differs !== null) return;
    setBusy(true);
    try {
      take(await call("POST /sign-in-links/use", { body: { token, password } }));
      await navigate({ to: "/" });
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
          <h1>{texts.setUp.title}</h1>
          {link.data === undefined ? (
            <Waiting error={link.error} />
          ) : !link.data.valid ? (
            <Note tone="notice">{texts.setUp.invalid}</Note>
          ) : (
            <form className="form" onSubmit={(event) => void submit(event)} noValidate>
              <p className="mute">{texts.setUp.hello(link.data.name ?? "")}</p>
              <div role="alert">{error !== null && <Note tone="problem">{error}</Note>}</div>
              <input type="email" autoComplete="username" value={link.data.email ?? ""} readOnly hidden />
              <PasswordInput
                label={texts.setUp.password}
                description={texts.setUp.hint(LENGTH_MIN)}
                autoComplete="new-password"
                value={password}
                error={sent ? short : null}
                visibilityToggleButtonProps={{ "aria-label": texts.signIn.showPassword }}
                onChange={(event) => setPassword(event.currentTarget.value)}
              />
              <PasswordInput
                label={texts.setUp.again}
                autoComplete="new-password"
                value={again}
                error={sent && short === null ? differs : null}
                visibilityToggleButtonProps={{ "aria-label": texts.signIn.showPassword }}
                onChange={(event) => setAgain(event.currentTarget.value)}
              />
              <Button go type="submit" busy={busy}>
                {texts.setUp.submit}
              </Button>
            </form>
          )}
        </div>
      </div>
    </main>
  );
}
