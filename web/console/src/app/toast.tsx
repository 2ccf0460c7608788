import { useEffect, useSyncExternalStore } from "react";
import { ProblemError } from "../api/client.ts";
import { Icon } from "../parts/icon.tsx";
import type { Texts } from "../texts/index.ts";
import { KeyCap, useKeys } from "./keys.tsx";
import { useTexts } from "./session.tsx";

/** Results of acts: said once, politely, for ten seconds; the last act that can be undone stays behind `Z`. */
interface Toast {
  readonly id: number;
  readonly text: string;
  readonly problem: boolean;
  readonly undo?: () => Promise<unknown>;
  /** Only the newest of a kind is shown; all of them can be undone. */
  readonly kind?: string;
}
let toasts: readonly Toast[] = [];
let history: readonly Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();
const set = (value: readonly Toast[]) => {
  toasts = value;
  for (const listener of listeners) listener();
};
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** How many acts `Z` can take back, one after the other. */
const UNDOABLE = 50;

export function say(text: string, undo?: () => Promise<unknown>, kind?: string): void {
  const toast: Toast = { id: next++, text, problem: false, ...(undo ? { undo } : {}), ...(kind ? { kind } : {}) };
  if (undo) history = [...history.slice(1 - UNDOABLE), toast];
  const others = toasts.filter((other) => kind === undefined || other.kind !== kind);
  set([...others.slice(-2), toast]);
}
export function sayProblem(text: string): void {
  set([...toasts.slice(-2), { id: next++, text, problem: true }]);
}
const drop = (id: number) => set(toasts.filter((toast) => toast.id !== id));

/** The words for a refusal: the server's own, else what the console knows. */
export function problemText(error: unknown, texts: Texts): string {
  if (!(error instanceof ProblemError)) return texts.problem.unknown;
  const own = (texts.problem.codes as Readonly<Record<string, string>>)[error.problem.code];
  return own ?? (error.problem.detail || error.problem.title || texts.problem.unknown);
}

export async function undoLast(texts: Texts): Promise<void> {
  const last = history.at(-1);
  if (last?.undo === undefined) return;
  history = history.slice(0, -1);
  drop(last.id);
  try {
    await last.undo();
    say(texts.common.undone);
  } catch (error) {
    sayProblem(problemText(error, texts));
  }
}

function ToastRow({ toast }: { toast: Toast }) {
  const texts = useTexts();
  useEffect(() => {
    const timer = setTimeout(() => drop(toast.id), toast.problem ? 20_000 : 10_000);
    return () => clearTimeout(timer);
  }, [toast]);
  return (
    <div className={`toast${toast.problem ? " problem" : ""}`}>
      <Icon name={toast.problem ? "alert" : "check"} small />
      <span>{toast.text}</span>
      {toast.undo !== undefined && (
        <button type="button" className="linkbtn" aria-keyshortcuts="Z" onClick={() => void undoLast(texts)}>
          {texts.common.undo} <KeyCap name="z" />
        </button>
      )}
      <button type="button" className="iconbtn" aria-label={texts.common.close} onClick={() => drop(toast.id)}>
        <Icon name="close" small />
      </button>
    </div>
  );
}

export function Toasts() {
  const texts = useTexts();
  const shown = useSyncExternalStore(subscribe, () => toasts);
  useKeys([{ keys: "z", label: texts.common.undo, run: () => void undoLast(texts) }], "app");
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((toast) => (
        <ToastRow key={toast.id} toast={toast} />
      ))}
    </div>
  );
}
