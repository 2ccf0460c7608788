import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useHere } from "./session.tsx";
import { Dialog } from "../parts/dialog.tsx";

/**
 * Keys of the console. A page hands in what its keys do (`useKeys`); the bar at the bottom and the list behind `?` show
 * them. Inside fields only Escape and Ctrl combinations work. Letters can be turned off (WCAG 2.1.4).
 */
export interface Key {
  /** `j`, `shift+j`, `g a` (one after the other), `ctrl+k`, `Enter`, `Escape`, `ArrowDown`, `?` */
  readonly keys: string;
  readonly label: string;
  readonly run: (event: KeyboardEvent) => void;
  /** Shown in the bottom bar; `with` shows a second key before the label. */
  readonly bar?: boolean;
  readonly with?: string;
  /** Not listed: a second way to the same act. */
  readonly quiet?: boolean;
}
interface Layer {
  readonly level: "app" | "page";
  readonly current: () => readonly Key[];
}

let layers: readonly Layer[] = [];
let version = 0;
const listeners = new Set<() => void>();
const changed = () => {
  version += 1;
  for (const listener of listeners) listener();
};
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function useKeys(keys: readonly Key[], level: Layer["level"] = "page"): void {
  const latest = useRef(keys);
  latest.current = keys;
  const shape = keys.map((key) => `${key.keys}\t${key.label}\t${key.bar}`).join("\n");
  useEffect(() => {
    const layer: Layer = { level, current: () => latest.current };
    layers = [...layers, layer];
    changed();
    return () => {
      layers = layers.filter((other) => other !== layer);
      changed();
    };
  }, [level]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the labels are the dependency
  useEffect(changed, [shape]);
}

const inField = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
/** Enter presses the control that has the focus, unless the control is already what the page's Enter acts on. */
const isControl = (target: EventTarget | null) =>
  target instanceof Element &&
  target.closest("a,button,summary,[role=menuitem],[role=button]")?.matches("[data-enter=page]") === false;

function nameOf(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) return `ctrl+${key}`;
  return event.shiftKey && /^[a-z]$|^Arrow/.test(key) ? `shift+${key}` : key;
}

let pending: string | null = null;
let pendingTimer: ReturnType<typeof setTimeout> | undefined;

function onKey(event: KeyboardEvent, letters: boolean): void {
  if (event.defaultPrevented || event.altKey || event.isComposing) return;
  const name = nameOf(event);
  const combined = name.startsWith("ctrl+");
  if (inField(event.target) && !combined && name !== "Escape") return;
  if (name === "Enter" && isControl(event.target)) return;
  if (!letters && !combined && event.key.length === 1) return;
  // an open dialog has the keyboard for itself
  if (document.querySelector('[role="dialog"]') !== null) return;
  const keys = [...layers].reverse().flatMap((layer) => layer.current());
  const wanted = pending === null ? name : `${pending} ${name}`;
  pending = null;
  clearTimeout(pendingTimer);
  const found = keys.find((key) => key.keys === wanted);
  if (found !== undefined) {
    event.preventDefault();
    found.run(event);
  } else if (keys.some((key) => key.keys.startsWith(`${name} `))) {
    pending = name;
    pendingTimer = setTimeout(() => {
      pending = null;
    }, 1200);
  }
}

/** Listens; mounted once in the shell. */
export function useKeyListener(letters: boolean): void {
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event, letters);
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, [letters]);
}

/** Keys of the page first, then those of every page; `?` stands last. */
function useShownKeys(): readonly Key[] {
  useSyncExternalStore(subscribe, () => version);
  const rank = (layer: Layer, key: Key) => (key.keys === "?" ? 2 : layer.level === "app" ? 1 : 0);
  const shown = layers.flatMap((layer) =>
    layer.current().flatMap((key) => (key.quiet === true ? [] : [{ key, rank: rank(layer, key) }])),
  );
  const first = shown.filter(
    (one, at) => shown.findIndex((other) => other.key.keys === one.key.keys && other.rank <= one.rank) === at,
  );
  return first.sort((a, b) => a.rank - b.rank).map((one) => one.key);
}

/** One key as it is printed on keyboards of the language. */
export function KeyCap({ name }: { name: string }) {
  const { texts } = useHere();
  const words: Readonly<Record<string, string>> = texts.keyNames;
  return (
    <>
      {name.split(/[ +]/).map((part) => (
        <kbd key={part}>{words[part] ?? part.toUpperCase()}</kbd>
      ))}
    </>
  );
}

export function KeyBar() {
  const shown = useShownKeys().filter((key) => key.bar === true);
  return (
    <div className="keys" aria-hidden="true">
      {shown.map((key) => (
        <span key={key.keys}>
          <KeyCap name={key.keys} />
          {key.keys === "1" && key.with !== undefined && "–"}
          {key.with !== undefined && <KeyCap name={key.with} />}
          {key.label}
        </span>
      ))}
    </div>
  );
}

/** All keys of this page, behind `?`. */
export function KeyHelp() {
  const { texts } = useHere();
  const [open, setOpen] = useState(false);
  const shown = useShownKeys();
  const listed = useRef(shown);
  if (!open) listed.current = shown;
  useKeys([{ keys: "?", label: texts.keys.all, bar: true, run: () => setOpen(true) }], "app");
  return (
    <Dialog opened={open} onClose={() => setOpen(false)} title={texts.keys.title} size="md">
      <dl className="keylist">
        {listed.current.map((key) => (
          <div key={key.keys}>
            <dt>
              <KeyCap name={key.keys} />
              {key.with !== undefined && <KeyCap name={key.with} />}
            </dt>
            <dd>{key.label}</dd>
          </div>
        ))}
      </dl>
      <p className="tiny">{texts.keys.hint}</p>
    </Dialog>
  );
}
