import { MantineProvider } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import type { ReactNode } from "react";
import { useHere } from "./session.tsx";
import { theme } from "./theme.ts";

/**
 * Theme and colour scheme: the user's choice, else the machine's. Mantine writes no `<style>` element here: variables are
 * a static file (see `vite.config.ts`), classes for breakpoints aren't used, the scheme is forced from outside.
 */
export function Look({ children }: { children: ReactNode }) {
  const { session } = useHere();
  const dark = useMediaQuery("(prefers-color-scheme: dark)", window.matchMedia("(prefers-color-scheme: dark)").matches);
  const chosen = session?.signedIn ? session.user.preferences.colourScheme : "auto";
  const scheme = chosen === "auto" ? (dark ? "dark" : "light") : chosen;
  return (
    <MantineProvider theme={theme} withCssVariables={false} withGlobalClasses={false} forceColorScheme={scheme}>
      {children}
    </MantineProvider>
  );
}
