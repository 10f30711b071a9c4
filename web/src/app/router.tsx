/** Every view and its address. A feature brings its page (lazy) and the check of its search parameters. */

import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  type SearchSchemaInput,
} from "@tanstack/react-router";
import { isSignedOut } from "@/api/errors";
import { getGetSessionQueryOptions } from "@/api/generated/session/session";
import { type FleetSearch, readFleetSearch } from "@/features/fleet/fleet-search";
import { type NodeSearch, readNodeSearch } from "@/features/node/node-search";
import { readSignInSearch, type SignInSearch } from "@/features/sign-in/sign-in-search";
import { NotFound } from "./not-found";
import { PageError } from "./page-error";
import { PageLoading } from "./page-loading";

/** Links give typed search parameters; an address typed by hand gives anything, and the reader sorts it out. */
type Raw<Search> = Search & SearchSchemaInput;

const root = createRootRouteWithContext<{ queries: QueryClient }>()({ notFoundComponent: NotFound });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (raw: Raw<SignInSearch>) => readSignInSearch(raw),
  component: lazyRouteComponent(() => import("@/features/sign-in/sign-in-page"), "SignInPage"),
});

interface AppSearch {
  /** "Add a server" is open, over whatever page. */
  add?: boolean;
}

/** Everything behind the sign-in: the session is known before any of it is drawn. */
const app = createRoute({
  getParentRoute: () => root,
  id: "app",
  validateSearch: (raw: Raw<AppSearch>): AppSearch => (raw.add === true ? { add: true } : {}),
  beforeLoad: async ({ context, location }) => {
    try {
      const session = await context.queries.ensureQueryData(
        getGetSessionQueryOptions({ query: { staleTime: 60_000 } }),
      );
      return { session };
    } catch (error) {
      if (isSignedOut(error)) throw redirect({ to: "/sign-in", search: { next: location.href } });
      throw error;
    }
  },
  pendingComponent: PageLoading,
  errorComponent: PageError,
  component: lazyRouteComponent(() => import("./shell/shell"), "Shell"),
});

const home = createRoute({
  getParentRoute: () => app,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/nodes", replace: true });
  },
});

const nodes = createRoute({
  getParentRoute: () => app,
  path: "/nodes",
  validateSearch: (raw: Raw<FleetSearch>) => readFleetSearch(raw),
  component: lazyRouteComponent(() => import("@/features/fleet/fleet-page"), "FleetPage"),
});

const node = createRoute({
  getParentRoute: () => app,
  path: "/nodes/$nodeId",
  validateSearch: (raw: Raw<NodeSearch>) => readNodeSearch(raw),
  component: lazyRouteComponent(() => import("@/features/node/node-page"), "NodePage"),
});

const settings = createRoute({
  getParentRoute: () => app,
  path: "/settings",
  component: lazyRouteComponent(() => import("@/features/settings/settings-page"), "SettingsPage"),
});

const settingsHome = createRoute({
  getParentRoute: () => settings,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/settings/install-tokens", replace: true });
  },
});

const installTokens = createRoute({
  getParentRoute: () => settings,
  path: "/install-tokens",
  component: lazyRouteComponent(() => import("@/features/install-tokens/install-tokens-page"), "InstallTokensPage"),
});

const appearance = createRoute({
  getParentRoute: () => settings,
  path: "/appearance",
  component: lazyRouteComponent(() => import("@/features/settings/appearance-page"), "AppearancePage"),
});

const tree = root.addChildren([
  signIn,
  app.addChildren([home, nodes, node, settings.addChildren([settingsHome, installTokens, appearance])]),
]);

export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: PageError,
    defaultPendingComponent: PageLoading,
    defaultNotFoundComponent: NotFound,
    defaultPendingMs: 150,
    scrollRestoration: true,
  });
}
