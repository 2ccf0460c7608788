import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useNavigate, useRouterState, useSearch } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { call } from "../api/client.ts";
import { Icon, type IconName } from "../parts/icon.tsx";
import { Waiting } from "../parts/page.tsx";
import { SignIn } from "../pages/sign-in/sign-in.tsx";
import { KeyBar, KeyCap, KeyHelp, useKeyListener, useKeys } from "./keys.tsx";
import { useFormat, useHere, useSignedIn, useTexts } from "./session.tsx";
import { SessionEnd } from "./session-end.tsx";
import { Toasts } from "./toast.tsx";

export function Mark() {
  return (
    <div className="mark">
      <svg
        viewBox="0 0 22 22"
        aria-hidden="true"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.6"
        strokeLinecap="round"
      >
        <path d="M4.500 2v18M4.500 11h4.500c4 0 3.500-7.500 8.500-7.500M9 11c4 0 3.500 7.500 8.500 7.500" />
        <circle cx="17.5" cy="3.6" r="2.6" fill="currentColor" stroke="none" />
      </svg>
      <span>Kulanz</span>
    </div>
  );
}

export function Shell() {
  const { session, error, loading } = useHere();
  if (loading || session === undefined) return <Waiting error={loading ? undefined : error} />;
  return session.signedIn ? <SignedInShell /> : <SignIn />;
}

interface Place {
  readonly to: string;
  readonly key?: string;
  readonly icon: IconName;
  readonly label: string;
  readonly count?: number | undefined;
}

function usePlaces(): Readonly<Record<"main" | "facts" | "foot", readonly Place[]>> {
  const { nav } = useTexts();
  const { user } = useSignedIn();
  const { creditor } = useSearch({ strict: false }) as { creditor?: string };
  const { data: counts } = useQuery({
    queryKey: ["counts", creditor],
    queryFn: ({ signal }) => call("GET /counts", { query: { creditor }, signal }),
    refetchInterval: 30_000,
  });
  const audit = user.role === "admin" || user.role === "auditor";
  return {
    main: [
      { to: "/", key: "h", icon: "home", label: nav.today },
      { to: "/worklist", key: "a", icon: "list", label: nav.worklist, count: counts?.worklist },
      { to: "/customers", key: "k", icon: "people", label: nav.customers },
      { to: "/bank", key: "b", icon: "bank", label: nav.bank, count: counts?.bankProposed },
      { to: "/runs", key: "l", icon: "run", label: nav.runs },
      { to: "/messages", key: "n", icon: "mail", label: nav.messages, count: counts?.outbox },
      { to: "/strategies", key: "s", icon: "route", label: nav.strategies },
    ],
    facts: [
      { to: "/reconciliation", key: "r", icon: "scale", label: nav.reconciliation },
      { to: "/findings", key: "f", icon: "shield", label: nav.findings },
      { to: "/duplicates", key: "d", icon: "twins", label: nav.duplicates },
      { to: "/credits", key: "u", icon: "coins", label: nav.credits },
      { to: "/imports", key: "i", icon: "file", label: nav.imports },
    ],
    foot: [
      ...(audit ? [{ to: "/audit", key: "p", icon: "audit" as const, label: nav.audit }] : []),
      { to: "/settings", key: "e", icon: "gear", label: nav.settings },
    ],
  };
}

function NavList({ places, last = false }: { places: readonly Place[]; last?: boolean }) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const { creditor } = useSearch({ strict: false }) as { creditor?: string };
  const format = useFormat();
  return (
    <ul className={last ? "last" : undefined}>
      {places.map((place) => {
        const here = place.to === "/" ? path === "/" : path === place.to || path.startsWith(`${place.to}/`);
        return (
          <li key={place.to}>
            <Link
              to={place.to}
              search={{ creditor } as never}
              activeProps={{ "aria-current": undefined }}
              {...(here ? { "aria-current": "page" as const } : {})}
            >
              <Icon name={place.icon} />
              <span>{place.label}</span>
              {place.count !== undefined && place.count > 0 && <span className="n">{format.number(place.count)}</span>}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

function SearchField() {
  const texts = useTexts();
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const focus = () => {
    field.current?.focus();
    field.current?.select();
  };
  useKeys(
    [
      { keys: "/", label: texts.keys.search, bar: true, run: focus },
      { keys: "ctrl+k", label: texts.keys.search, run: focus },
    ],
    "app",
  );
  return (
    <search>
      <form
        className="find"
        onSubmit={(event) => {
          event.preventDefault();
          const q = field.current?.value.trim() ?? "";
          void navigate({
            to: "/customers",
            search: (before: object) => ({ ...keepCreditor(before), q: q || undefined }) as never,
          });
        }}
      >
        <Icon name="search" />
        <input
          ref={field}
          type="search"
          name="q"
          autoComplete="off"
          aria-label={texts.shell.search}
          aria-keyshortcuts="/ Control+K"
          placeholder={texts.shell.search}
          onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
        />
        <span aria-hidden="true">
          <KeyCap name="/" />
        </span>
      </form>
    </search>
  );
}
const keepCreditor = (search: object) => ({ creditor: (search as { creditor?: string }).creditor });

function CreditorPick() {
  const texts = useTexts();
  const { creditors } = useSignedIn();
  const { creditor = "" } = useSearch({ strict: false }) as { creditor?: string };
  const navigate = useNavigate();
  if (creditors.length < 2) return <span>{creditors[0]?.name}</span>;
  return (
    <span className="pick">
      <select
        aria-label={texts.shell.creditor}
        value={creditor}
        onChange={(event) => {
          const value = event.currentTarget.value;
          void navigate({
            to: ".",
            search: ((before: object) => ({ ...before, creditor: value || undefined, offset: undefined })) as never,
          });
        }}
      >
        <option value="">{texts.shell.allCreditors}</option>
        {creditors.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </span>
  );
}

/** A new page is announced: the focus goes to its heading. */
function useFocusOnNewPage() {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const first = useRef(true);
  useEffect(() => {
    if (path === undefined) return;
    if (first.current) {
      first.current = false;
      return;
    }
    const timer = setTimeout(() => document.getElementById("page-title")?.focus({ preventScroll: true }), 60);
    return () => clearTimeout(timer);
  }, [path]);
}

function SignedInShell() {
  const texts = useTexts();
  const format = useFormat();
  const { user, businessDate } = useSignedIn();
  const { main, facts, foot } = usePlaces();
  const navigate = useNavigate();
  useKeyListener(user.preferences.singleKeys);
  useFocusOnNewPage();
  useKeys(
    [
      ...[...main, ...facts, ...foot].map((place) => ({
        keys: `g ${place.key}`,
        label: place.label,
        run: () => void navigate({ to: place.to, search: ((before: object) => keepCreditor(before)) as never }),
      })),
      { keys: "e", label: texts.keys.importFile, run: () => void navigate({ to: "/imports" }) },
    ],
    "app",
  );
  const initials = user.name
    .split(/\s+/)
    .map((part) => part[0] ?? "")
    .join("")
    .slice(0, 2)
    .toUpperCase();
  return (
    <div className="shell">
      <a className="btn skip" href="#content">
        {texts.shell.skip}
      </a>
      <nav className="side" aria-label={texts.shell.mainNav}>
        <Mark />
        <NavList places={main} />
        <NavList places={facts} />
        <NavList places={foot} last />
        <Link className="who" to="/settings" aria-label={`${user.name}, ${texts.words.role[user.role]}`}>
          <span className="av" aria-hidden="true">
            {initials}
          </span>
          <span>
            <b>{user.name}</b>
            {texts.words.role[user.role]}
          </span>
        </Link>
      </nav>
      <header className="bar">
        <SearchField />
        <div className="ctx">
          <CreditorPick />
          <span className="day">
            {texts.shell.businessDate} <b>{format.dayFull(businessDate)}</b>
          </span>
        </div>
      </header>
      <main className="page" id="content" tabIndex={-1}>
        <Outlet />
      </main>
      <KeyBar />
      <KeyHelp />
      <Toasts />
      <SessionEnd />
    </div>
  );
}
