import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { call } from "../api/client.ts";
import { Button } from "../parts/button.tsx";
import { useSignedIn, useTakeSession, useTexts } from "./session.tsx";
import { Dialog } from "../parts/dialog.tsx";

const WARN_MS = 120_000;

/** Two minutes before a session ends the person is asked; what was entered stays. */
export function SessionEnd() {
  const texts = useTexts();
  const { expiresAt, now } = useSignedIn();
  const take = useTakeSession();
  const queries = useQueryClient();
  const [ending, setEnding] = useState(false);
  useEffect(() => {
    const left = Date.parse(expiresAt) - Date.parse(now);
    // timers hold at most 2^31 ms; a longer session is asked for again by then
    const warn = setTimeout(() => setEnding(true), Math.min(Math.max(0, left - WARN_MS), 2_000_000_000));
    const end = setTimeout(
      () => void queries.invalidateQueries({ queryKey: ["session"] }),
      Math.min(Math.max(0, left) + 1000, 2_000_000_000),
    );
    return () => {
      clearTimeout(warn);
      clearTimeout(end);
    };
  }, [expiresAt, now, queries]);
  const stay = async () => {
    take(await call("GET /session", {}));
    setEnding(false);
  };
  return (
    <Dialog opened={ending} onClose={() => void stay()} title={texts.shell.sessionEnds} size="sm">
      <div className="form">
        <p>{texts.shell.sessionEndsText}</p>
        <div className="acts">
          <Button go onClick={() => void stay()}>
            {texts.shell.stay}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
