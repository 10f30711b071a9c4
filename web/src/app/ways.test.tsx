import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FakeServer } from "@/testing/fake-server";
import { App } from "./app";

const session = {
  user: { id: "u", email: "ada@example.com", name: "Ada" },
  organization: { id: "o", name: "Engines", role: "owner" },
  expires_at: 4e9,
  server_version: "0.1.0",
};
const node = {
  id: "n1",
  name: "web-1",
  hostname: "web-1",
  status: "waiting",
  partly_seen: false,
  enrolled_at: 1,
  tags: [],
  addresses: [],
  section_counts: {},
  coverage: [],
};
const counts = { total: 1, online: 0, silent: 0, waiting: 1, partly_seen: 0 };
const nodes = { items: [node], total: 1, offset: 0, counts, facets: { providers: [], systems: [], tags: [] } };

let server: FakeServer;

beforeEach(() => {
  server = new FakeServer();
  server.on("GET /api/v1/session", { body: session });
  server.on("GET /api/v1/nodes", { body: nodes });
  server.on("GET /api/v1/nodes/n1", { body: node });
  server.on("GET /api/v1/nodes/sparklines", { body: { from_at: 0, bucket_seconds: 60, items: [] } });
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(720);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(1200);
});
afterEach(() => vi.unstubAllGlobals());

it("opens a node from its row, and Back leads to the list as it was", async () => {
  window.history.replaceState(null, "", "/nodes?q=web");
  render(<App env="test" />);
  await userEvent.click(await screen.findByText("waiting", { selector: "[role=cell] *" }));
  expect(await screen.findByRole("heading", { name: "web-1" })).toBeDefined();
  expect(window.location.pathname).toBe("/nodes/n1");
  window.history.back();
  expect(await screen.findByRole("table", { name: "Nodes" })).toBeDefined();
  expect(window.location.search).toBe("?q=web");
});

it("goes to a node by a few letters", async () => {
  window.history.replaceState(null, "", "/settings/appearance");
  render(<App env="test" />);
  await screen.findByText("Table rows");
  await userEvent.keyboard("/");
  await userEvent.type(await screen.findByRole("combobox", { name: "Go to a node" }), "we");
  expect(await screen.findByRole("option", { name: /web-1/ })).toBeDefined();
  await userEvent.keyboard("{Enter}");
  expect(await screen.findByRole("heading", { name: "web-1" })).toBeDefined();
});

it("signs out, and shows nothing of before", async () => {
  server.on("DELETE /api/v1/session", { status: 204 });
  window.history.replaceState(null, "", "/settings/appearance");
  render(<App env="test" />);
  await userEvent.click(await screen.findByRole("button", { name: "Account" }));
  server.on("GET /api/v1/session", { status: 401, body: { status: 401, title: "Sign in." } });
  await userEvent.click(await screen.findByRole("menuitem", { name: "Sign out" }));
  expect(await screen.findByRole("heading", { name: "Sign in" })).toBeDefined();
  expect(screen.queryByText("Engines")).toBeNull();
});

it("says so when an address leads nowhere", async () => {
  window.history.replaceState(null, "", "/nothing/here");
  render(<App env="test" />);
  expect(await screen.findByText("There is nothing at this address")).toBeDefined();
});
