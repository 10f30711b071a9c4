import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { NodePage, NodeSummary, Session } from "@/api/generated/model";
import { type Answer, FakeServer } from "@/testing/fake-server";
import { App } from "./app";

const session: Session = {
  user: { id: "u", email: "ada@example.com", name: "Ada" },
  organization: { id: "o", name: "Engines", role: "owner" },
  expires_at: 4e9,
  server_version: "0.1.0",
};
const latest = {
  at: 1,
  cpu_percent: 12,
  memory_percent: 61,
  memory_used_bytes: 1,
  memory_total_bytes: 2,
  swap_percent: 0,
  disk_percent: 93,
  disk_used_bytes: 1,
  disk_total_bytes: 2,
  receive_bytes_per_second: 1024,
  transmit_bytes_per_second: 0,
  load_one: 0,
  uptime_seconds: 86_400,
};

function node(id: string, rest: Partial<NodeSummary> = {}): NodeSummary {
  const base = { id, name: id, hostname: id, status: "online", partly_seen: false, enrolled_at: 1, tags: [] } as const;
  return { ...base, tags: [], last_seen_at: Date.now() / 1000, os_id: "debian", os_name: "Debian 12", latest, ...rest };
}

function page(...items: NodeSummary[]): { body: NodePage } {
  const count = (status: string) => items.filter((each) => each.status === status).length;
  const counts = { total: items.length, online: count("online"), silent: count("silent"), waiting: 0, partly_seen: 0 };
  const facets = { providers: [], systems: [{ value: "debian", count: items.length }], tags: [] };
  return { body: { items, total: items.length, offset: 0, counts, facets } };
}

let server: FakeServer;

function open(path: string, nodes: Answer | ((url: URL) => Answer)): void {
  server.on("GET /api/v1/nodes", nodes);
  window.history.replaceState(null, "", path);
  render(<App env="test" />);
}

beforeEach(() => {
  server = new FakeServer();
  server.on("GET /api/v1/session", { body: session });
  server.on("GET /api/v1/nodes/sparklines", { body: { from_at: 0, bucket_seconds: 60, items: [] } });
  // jsdom lays nothing out: the table needs a height to have rows in view.
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(720);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(1200);
});
afterEach(() => vi.unstubAllGlobals());

it("leads a stranger to the sign-in and back to where he wanted to go", async () => {
  server.on("GET /api/v1/session", { status: 401, body: { status: 401, code: "unauthenticated", title: "Sign in." } });
  server.on("POST /api/v1/session", { status: 201, body: session });
  open("/nodes?q=web", page(node("web-1")));
  await userEvent.type(await screen.findByLabelText("Email"), "ada@example.com");
  await userEvent.type(screen.getByLabelText("Password"), "right");
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
  expect(await screen.findByRole("link", { name: "web-1" })).toBeDefined();
  expect(window.location.search).toBe("?q=web");
});

it("shows bones in the final layout while it loads", async () => {
  open("/nodes", "never");
  const table = await screen.findByRole("table", { name: "Nodes" });
  expect(within(table).getByRole("columnheader", { name: "Memory" })).toBeDefined();
  expect(within(table).getAllByRole("row").length).toBeGreaterThan(5);
});

it("offers the one next action when there is no node", async () => {
  open("/nodes", page());
  expect(await screen.findByText("Add your first server")).toBeDefined();
  await userEvent.click(screen.getByRole("link", { name: "Add a server" }));
  expect(await screen.findByRole("dialog", { name: "Add a server" })).toBeDefined();
});

it("says what failed and tries again", async () => {
  let works = false;
  open("/nodes", () => (works ? page(node("web-1")) : { status: 400, body: { detail: "The filter is broken" } }));
  expect(await screen.findByText("The nodes could not be loaded")).toBeDefined();
  expect(screen.getByText(/The filter is broken\./)).toBeDefined();
  works = true;
  await userEvent.click(screen.getByRole("button", { name: "Retry" }));
  expect(await screen.findByRole("link", { name: "web-1" })).toBeDefined();
});

it("says that nothing matches, and clears the filters", async () => {
  open("/nodes?q=nothing", (url) =>
    url.searchParams.get("q") ? { body: { ...page(node("a")).body, total: 0, items: [] } } : page(node("a")),
  );
  await userEvent.click(await screen.findByRole("button", { name: "Clear the filters" }));
  expect(await screen.findByRole("link", { name: "a" })).toBeDefined();
  expect(window.location.search).toBe("");
});

it("shows hostile names as text", async () => {
  open("/nodes", page(node("x", { name: "<img src=x onerror=alert(1)>\u202egpj.exe" })));
  expect(await screen.findByText("<img src=x onerror=alert(1)>\\u202egpj.exe")).toBeDefined();
  expect(document.querySelector("img")).toBeNull();
});

it("moves values with events, and keeps rows in their places", async () => {
  open("/nodes?sort=cpu&descending=true", page(node("busy"), node("calm")));
  await screen.findByRole("link", { name: "busy" });
  server.send({ seen: [{ node_id: "calm", seen_at: Date.now() / 1000, latest: { ...latest, cpu_percent: 99 } }] });
  expect(await screen.findByText("99%")).toBeDefined();
  const names = screen.getAllByRole("link").map((link) => link.textContent);
  expect(names.indexOf("busy")).toBeLessThan(names.indexOf("calm"));
});

it("tells old values from new ones", async () => {
  open("/nodes", page(node("quiet", { status: "silent" })));
  const link = await screen.findByRole("link", { name: "quiet" });
  expect(link.closest("[data-stale]")).not.toBeNull();
});

it("filters by a value that is clicked, in the address", async () => {
  open("/nodes", page(node("web-1")));
  await userEvent.click(await screen.findByTitle(/Debian 12 – show only these/));
  await waitFor(() => expect(server.asked.some((call) => call.includes("os=debian"))).toBe(true));
  expect(window.location.search).toContain("os=");
});

it("shows the same nodes as cards, and says so in the address", async () => {
  open("/nodes", page(node("web-1"), node("quiet", { status: "silent" })));
  await userEvent.click(await screen.findByRole("button", { name: "Show as a grid" }));
  const cards = await screen.findByRole("list", { name: "Nodes" });
  expect(within(cards).getAllByRole("listitem")).toHaveLength(2);
  expect(within(cards).getByRole("link", { name: /quiet/ }).getAttribute("href")).toBe("/nodes/quiet");
  expect(window.location.search).toBe("?view=grid");
});

it("shows those who only look nothing that they may not do", async () => {
  server.on("GET /api/v1/session", { body: { ...session, organization: { ...session.organization, role: "viewer" } } });
  open("/nodes", page(node("web-1")));
  await screen.findByRole("link", { name: "web-1" });
  expect(screen.queryByRole("link", { name: "Add a server" })).toBeNull();
});

it("leads to the sign-in when the session ends", async () => {
  let over = false;
  open("/nodes", () => (over ? { status: 401, body: { status: 401, title: "Sign in." } } : page(node("web-1"))));
  await screen.findByRole("link", { name: "web-1" });
  over = true;
  server.on("GET /api/v1/session", { status: 401, body: { status: 401, title: "Sign in." } });
  await userEvent.type(screen.getByLabelText("Search name or address"), "db");
  expect(await screen.findByText("Sign in to go on where you were.")).toBeDefined();
});
