import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useMemo } from "react";
import { call, connection } from "../api/client.ts";
import type { Language, Session, SignedIn } from "../api/contract.ts";
import { type Format, formatFor } from "../format/index.ts";
import { type Texts, textsFor } from "../texts/index.ts";

/** Who is signed in, in which language, on which business day. */
interface Here {
  readonly session: Session | undefined;
  readonly loading: boolean;
  readonly error: unknown;
  readonly language: Language;
  readonly texts: Texts;
  readonly format: Format;
}
const HereContext = createContext<Here | null>(null);

const SESSION_KEY = ["session"] as const;

function browserLanguage(): Language {
  return navigator.languages.some((name) => name.toLowerCase().startsWith("de")) ? "de" : "en";
}

export function SessionProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const {
    data: session,
    isPending,
    error,
  } = useQuery({
    queryKey: SESSION_KEY,
    queryFn: async ({ signal }) => {
      const found = await call("GET /session", { signal });
      connection.csrfToken = found.csrfToken;
      return found;
    },
    staleTime: Number.POSITIVE_INFINITY,
    // the business day may have changed meanwhile
    refetchOnWindowFocus: "always",
  });
  const language = session?.signedIn ? session.user.preferences.language : browserLanguage();
  connection.language = language;
  const today = session?.signedIn ? session.businessDate : "2000-01-01";

  useEffect(() => {
    connection.onSignedOut = () => {
      if (queries.getQueryData<Session>(SESSION_KEY)?.signedIn)
        void queries.invalidateQueries({ queryKey: SESSION_KEY });
    };
  }, [queries]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  const here = useMemo<Here>(
    () => ({
      session,
      loading: isPending,
      error,
      language,
      texts: textsFor(language),
      format: formatFor(language, today),
    }),
    [session, isPending, error, language, today],
  );
  return <HereContext.Provider value={here}>{children}</HereContext.Provider>;
}

export function useHere(): Here {
  const here = useContext(HereContext);
  if (here === null) throw new Error("outside of SessionProvider");
  return here;
}
export const useTexts = (): Texts => useHere().texts;
export const useFormat = (): Format => useHere().format;
/** Inside the shell, where somebody is signed in. */
export function useSignedIn(): SignedIn {
  const { session } = useHere();
  if (!session?.signedIn) throw new Error("nobody is signed in");
  return session;
}
/** Auditors see everything and change nothing. */
export const useMayAct = (): boolean => useSignedIn().user.role !== "auditor";
/** Takes over the session an act answered with. */
export function useTakeSession(): (session: Session) => void {
  const queries = useQueryClient();
  return (session) => {
    connection.csrfToken = session.csrfToken;
    queries.setQueryData(SESSION_KEY, session);
  };
}
