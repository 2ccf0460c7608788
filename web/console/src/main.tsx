import "@fontsource-variable/source-sans-3/wght.css";
import "@mantine/core/styles.css";
import "virtual:theme.css";
import "./app/base.css";
import "./app/shell.css";
import "./parts/way.css";
import "./parts/figures.css";
import "./parts/parts.css";
import "./parts/facts.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { createRoot } from "react-dom/client";
import { ProblemError } from "./api/client.ts";
import { Look } from "./app/look.tsx";
import { router } from "./app/router.tsx";
import { SessionProvider } from "./app/session.tsx";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // a refusal stays a refusal; only a lost connection is worth a second try
      retry: (count, error) => count < 2 && error instanceof ProblemError && error.problem.status === 0,
    },
  },
});

const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(
    <QueryClientProvider client={queries}>
      <SessionProvider>
        <Look>
          <RouterProvider router={router} />
        </Look>
      </SessionProvider>
    </QueryClientProvider>,
  );
}
