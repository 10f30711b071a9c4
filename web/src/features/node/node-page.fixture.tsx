/** Renders the node page as the app does, with a server whose answers a test gives; for the tests of this folder. */

import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from "@tanstack/react-router";
import { render } from "@testing-library/react";
import { vi } from "vitest";
import type { NodeDetail, Session } from "@/api/generated/model";
import { SessionContext } from "@/shared/session/session";
import { NodePage } from "./node-page";
import { readNodeSearch } from "./node-search";

/** By path without the query: the body of a 200 answer, or a whole answer, or a promise of one. */
export type Answers = Record<string, unknown>;

export const NOW = Math.floor(Date.now() / 1000);

export const node: NodeDetail = {
  id: "n1",
  name: "web-1",
  hostname: "web-1",
  status: "online",
  partly_seen: false,
  enrolled_at: NOW - 86_400,
  tags: [],
  addresses: [],
  section_counts: { services: 2 },
  coverage: [],
  last_seen_at: NOW - 4,
};

export function problem(status: number, detail: string): Response {
  return new Response(JSON.stringify({ title: "Problem", detail, code: "test" }), { status });
}

/** Hands back the router, whose address a test can read, and the paths that the server was asked for. */
export function renderNodePage(address: string, answers: Answers, role: Session["organization"]["role"] = "owner") {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (url: string): Promise<Response> => {
    const path = new URL(url, location.origin).pathname;
    asked.push(path);
    const answer = await answers[path];
    if (answer === undefined) return problem(404, "There is no such thing.");
    return answer instanceof Response ? answer.clone() : new Response(JSON.stringify(answer));
  });
  const root = createRootRoute();
  const session: Session = {
    user: { id: "u", email: "anna@example.net", name: "Anna" },
    organization: { id: "o", name: "Example", role },
    expires_at: NOW + 3600,
    server_version: "0.1.0",
  };
  const app = createRoute({
    getParentRoute: () => root,
    id: "app",
    component: () => (
      <SessionContext value={session}>
        <Outlet />
      </SessionContext>
    ),
  });
  const page = createRoute({
    getParentRoute: () => app,
    path: "/nodes/$nodeId",
    validateSearch: (raw: Record<string, unknown>) => readNodeSearch(raw),
    component: NodePage,
  });
  const fleet = createRoute({ getParentRoute: () => app, path: "/nodes", component: () => <p>The fleet</p> });
  const router = createRouter({
    routeTree: root.addChildren([app.addChildren([page, fleet])]),
    history: createMemoryHistory({ initialEntries: [address] }),
  });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <RouterProvider router={router as never} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { router, asked };
}
