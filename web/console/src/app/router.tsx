import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from "@tanstack/react-router";
import { Broken, Missing } from "./missing.tsx";
import { Shell } from "./shell.tsx";

/** Addresses of the console. Search parameters stay plain strings, so an address reads well and can be shared. */
const root = createRootRoute({ component: Outlet });
const validateSearch = (search: Record<string, unknown>) => search as Record<string, string | undefined>;

const setUp = createRoute({
  getParentRoute: () => root,
  path: "einrichten",
  component: lazyRouteComponent(() => import("../pages/set-up/set-up.tsx"), "SetUp"),
});
const shell = createRoute({ getParentRoute: () => root, id: "shell", component: Shell, validateSearch });
const page = <const P extends string>(path: P, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => shell, path, component });

const pages = [
  page(
    "/",
    lazyRouteComponent(() => import("../pages/today/today.tsx"), "TodayPage"),
  ),
  page(
    "worklist",
    lazyRouteComponent(() => import("../pages/worklist/worklist.tsx"), "WorklistPage"),
  ),
  page(
    "customers",
    lazyRouteComponent(() => import("../pages/customers/customers.tsx"), "CustomersPage"),
  ),
  page(
    "customers/$customerId",
    lazyRouteComponent(() => import("../pages/customer/customer.tsx"), "CustomerPage"),
  ),
  page(
    "bank",
    lazyRouteComponent(() => import("../pages/bank/bank.tsx"), "BankPage"),
  ),
  page(
    "bank/statements",
    lazyRouteComponent(() => import("../pages/statements/statements.tsx"), "StatementsPage"),
  ),
  page(
    "bank/ageing",
    lazyRouteComponent(() => import("../pages/bank/ageing.tsx"), "BankAgeingPage"),
  ),
  page(
    "bank/twice",
    lazyRouteComponent(() => import("../pages/bank/twice.tsx"), "BankTwicePage"),
  ),
  page(
    "bank/payouts",
    lazyRouteComponent(() => import("../pages/bank/payouts/payouts.tsx"), "BankPayoutsPage"),
  ),
  page(
    "bank/review",
    lazyRouteComponent(() => import("../pages/bank/review.tsx"), "BankReviewPage"),
  ),
  page(
    "bank/learned",
    lazyRouteComponent(() => import("../pages/bank/learned.tsx"), "BankLearnedPage"),
  ),
  page(
    "imports",
    lazyRouteComponent(() => import("../pages/imports/imports.tsx"), "ImportsPage"),
  ),
  page(
    "imports/sources",
    lazyRouteComponent(() => import("../pages/sources/sources.tsx"), "SourcesPage"),
  ),
  page(
    "imports/days",
    lazyRouteComponent(() => import("../pages/sources/days.tsx"), "StatementDaysPage"),
  ),
  page(
    "reconciliation",
    lazyRouteComponent(() => import("../pages/reconciliation/reconciliation.tsx"), "ReconciliationPage"),
  ),
  page(
    "reconciliation/differences",
    lazyRouteComponent(() => import("../pages/reconciliation/differences.tsx"), "DifferencesPage"),
  ),
  page(
    "reconciliation/vanished",
    lazyRouteComponent(() => import("../pages/reconciliation/vanished.tsx"), "VanishedPage"),
  ),
  page(
    "reconciliation/handback",
    lazyRouteComponent(() => import("../pages/reconciliation/handback.tsx"), "HandbackPage"),
  ),
  page(
    "findings",
    lazyRouteComponent(() => import("../pages/findings/findings.tsx"), "FindingsPage"),
  ),
  page(
    "findings/rules",
    lazyRouteComponent(() => import("../pages/findings/rules.tsx"), "CheckRulesPage"),
  ),
  page(
    "duplicates",
    lazyRouteComponent(() => import("../pages/duplicates/duplicates.tsx"), "DuplicatesPage"),
  ),
  page(
    "credits",
    lazyRouteComponent(() => import("../pages/credits/credits.tsx"), "CreditsPage"),
  ),
  page(
    "credits/refunds",
    lazyRouteComponent(() => import("../pages/credits/refunds.tsx"), "RefundsPage"),
  ),
  page(
    "credits/files",
    lazyRouteComponent(() => import("../pages/credits/files.tsx"), "RefundFilesPage"),
  ),
  page(
    "runs",
    lazyRouteComponent(() => import("../pages/runs/runs.tsx"), "RunsPage"),
  ),
  page(
    "runs/next",
    lazyRouteComponent(() => import("../pages/run-review/run-review.tsx"), "RunReviewPage"),
  ),
  page(
    "runs/$runId",
    lazyRouteComponent(() => import("../pages/run/run.tsx"), "RunPage"),
  ),
  page(
    "strategies",
    lazyRouteComponent(() => import("../pages/strategies/strategies.tsx"), "StrategiesPage"),
  ),
  page(
    "strategies/$strategyId",
    lazyRouteComponent(() => import("../pages/strategy/strategy.tsx"), "StrategyPage"),
  ),
  page(
    "messages",
    lazyRouteComponent(() => import("../pages/messages/messages.tsx"), "MessagesPage"),
  ),
  page(
    "settings",
    lazyRouteComponent(() => import("../pages/settings/settings.tsx"), "SettingsPage"),
  ),
  page(
    "audit",
    lazyRouteComponent(() => import("../pages/audit/audit.tsx"), "AuditPage"),
  ),
] as const;

export const router = createRouter({
  routeTree: root.addChildren([setUp, shell.addChildren([...pages])]),
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(search)) {
      if (value !== undefined && value !== null && value !== "") parameters.set(name, String(value));
    }
    const text = parameters.toString();
    return text === "" ? "" : `?${text}`;
  },
  defaultPreload: false,
  defaultNotFoundComponent: Missing,
  defaultErrorComponent: Broken,
  scrollRestoration: true,
});
