import { ButtonLink, Button } from "../parts/button.tsx";
import { useTexts } from "./session.tsx";

/** An address that leads nowhere. */
export function Missing() {
  const { shell } = useTexts();
  return (
    <main className="door">
      <div className="form">
        <h1>{shell.missing}</h1>
        <p className="mute">{shell.missingText}</p>
        <div className="acts">
          <ButtonLink go to="/">
            {shell.toToday}
          </ButtonLink>
        </div>
      </div>
    </main>
  );
}

/** The page itself failed: a bug, or files of an older version after an update. */
export function Broken() {
  const { shell } = useTexts();
  return (
    <div className="form" role="alert">
      <h1>{shell.broken}</h1>
      <p className="mute">{shell.brokenText}</p>
      <div className="acts">
        <Button go onClick={() => window.location.reload()}>
          {shell.reload}
        </Button>
      </div>
    </div>
  );
}
