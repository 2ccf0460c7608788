import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect, useId } from "react";
import { problemText } from "../app/toast.tsx";
import { useTexts } from "../app/session.tsx";
import { Button } from "./button.tsx";
import { Icon, type IconName } from "./icon.tsx";

/** Head of a page: the one h1, a sentence, acts at the right. Sets the title of the window. */
export function PageHead({
  title,
  name,
  children,
  acts,
}: {
  title: ReactNode;
  name: string;
  children?: ReactNode;
  acts?: ReactNode;
}) {
  useEffect(() => {
    document.title = `${name} · Kulanz`;
  }, [name]);
  return (
    <div className="head">
      <h1 tabIndex={-1} id="page-title">
        {title}
      </h1>
      {children !== undefined && <p>{children}</p>}
      {acts !== undefined && <div className="act">{acts}</div>}
    </div>
  );
}

export function Card({
  title,
  end,
  children,
  className = "",
  label,
}: {
  title?: ReactNode;
  end?: ReactNode;
  children: ReactNode;
  className?: string;
  label?: string;
}) {
  const id = useId();
  return (
    <section
      className={`card ${className}`}
      {...(title === undefined ? { "aria-label": label } : { "aria-labelledby": id })}
    >
      {title !== undefined && (
        <header>
          <h2 id={id}>{title}</h2>
          {end !== undefined && <div className="end">{end}</div>}
        </header>
      )}
      {children}
    </section>
  );
}

export interface Tab {
  readonly key: string;
  readonly label: string;
  readonly count?: string | number | undefined;
  readonly to: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly search: Readonly<Record<string, unknown>>;
}
export function Tabs({ tabs, current, label }: { tabs: readonly Tab[]; current: string; label: string }) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <Link
          key={tab.key}
          {...({ to: tab.to, params: tab.params ?? {}, search: tab.search } as { to: string })}
          activeOptions={{ exact: true, includeSearch: true }}
          activeProps={{ "aria-current": undefined }}
          {...(tab.key === current ? { "aria-current": "page" as const } : {})}
        >
          {tab.label}
          {tab.count !== undefined && <span>{tab.count}</span>}
        </Link>
      ))}
    </nav>
  );
}

export type PillTone = "plain" | "good" | "notice" | "problem" | "info" | "acc";
export function Pill({ tone = "plain", icon, children }: { tone?: PillTone; icon?: IconName; children: ReactNode }) {
  return (
    <span className={`pill${tone === "plain" ? "" : ` ${tone}`}`}>
      {icon !== undefined && <Icon name={icon} small />}
      {children}
    </span>
  );
}

const NOTE_ICONS = { info: "eye", good: "check", notice: "alert", problem: "alert" } as const;
export function Note({ tone = "info", children }: { tone?: keyof typeof NOTE_ICONS; children: ReactNode }) {
  return (
    <div className={`note${tone === "info" ? "" : ` ${tone}`}`}>
      <Icon name={NOTE_ICONS[tone]} small />
      <div>{children}</div>
    </div>
  );
}

/** What a page shows instead of its content while it waits, or when the machine failed. */
export function Waiting({ error, retry }: { error?: unknown; retry?: () => void }) {
  const texts = useTexts();
  if (error === undefined || error === null) {
    return (
      <p className="mute wait" role="status">
        {texts.common.loading}
      </p>
    );
  }
  return (
    <div className="wait">
      <Note tone="problem">{problemText(error, texts)}</Note>
      {retry !== undefined && <Button onClick={retry}>{texts.common.retry}</Button>}
    </div>
  );
}

/** A page whose subject is not here yet: it has its head all the same. */
export function WaitingPage({ name, ...waiting }: { name: string; error?: unknown; retry?: () => void }) {
  return (
    <>
      <PageHead name={name} title={name} />
      <Waiting {...waiting} />
    </>
  );
}

export function Empty({ children, title }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <b>{title}</b>
      {children !== undefined && <p className="mute">{children}</p>}
    </div>
  );
}
