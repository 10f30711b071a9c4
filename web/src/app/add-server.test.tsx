import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { InstallToken, Session } from "@/api/generated/model";
import { FakeServer } from "@/testing/fake-server";
import { App } from "./app";

const session: Session = {
  user: { id: "u", email: "ada@example.com", name: "Ada" },
  organization: { id: "o", name: "Engines", role: "admin" },
  expires_at: 4e9,
  server_version: "0.1.0",
};
const token: InstallToken = {
  id: "t1",
  name: "Falkenstein",
  prefix: "nst_install_ab",
  state: "active",
  created_at: 1,
  created_by: "ada@example.com",
  expires_at: 4e9,
  uses_allowed: 1,
  uses: 0,
  node_ids: [],
};
const command = "curl -sfL https://fleet.test/install.sh | sh -s nst_install_abcdef";

let server: FakeServer;

beforeEach(() => {
  server = new FakeServer();
  server.on("GET /api/v1/session", { body: session });
  server.on("GET /api/v1/install-tokens", { body: { items: [token] } });
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(720);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(1200);
});
afterEach(() => vi.unstubAllGlobals());

async function makeLine(): Promise<void> {
  server.on("POST /api/v1/install-tokens", (_, body) => {
    expect(body).toEqual({ name: "", uses_allowed: 1, lifetime_seconds: 3600 });
    return { status: 201, body: { token, secret: "nst_install_abcdef", command } };
  });
  window.history.replaceState(null, "", "/settings/install-tokens?add=true");
  render(<App env="test" />);
  await userEvent.click(await screen.findByRole("button", { name: "Make the line" }));
  await screen.findByText(command);
}

it("shows the line once and says so, and turns green when the node reports", async () => {
  await makeLine();
  expect(screen.getByText("shown only now")).toBeDefined();
  expect(screen.getByText(/Waiting for the server/)).toBeDefined();

  const node = { id: "n1", name: "web-1", status: "waiting" };
  server.on("GET /api/v1/nodes/n1", () => ({ body: node }));
  server.send({ fleet: [{ node_id: "other", change: "enrolled", token_id: "t2" }] });
  server.send({ fleet: [{ node_id: "n1", change: "enrolled", token_id: "t1" }] });
  expect(await screen.findByText("has come in, waiting for its first report")).toBeDefined();
  expect(server.asked).not.toContain("GET /api/v1/nodes/other");

  node.status = "online";
  server.send({ status: [{ node_id: "n1", status: "online", at: 2 }] });
  expect(await screen.findByText("is online")).toBeDefined();
  expect(screen.getByRole("link", { name: "Open" }).getAttribute("href")).toBe("/nodes/n1");
});

it("keeps the line when one clicks beside the dialog, and forgets it when it is closed", async () => {
  await makeLine();
  await userEvent.click(document.querySelector(".mantine-Modal-inner") as HTMLElement);
  expect(screen.getByText(command)).toBeDefined();
  await userEvent.keyboard("{Escape}");
  expect(screen.queryByText(command)).toBeNull();
  expect(window.location.search).toBe("");
});

it("revokes a token by name", async () => {
  let revoked = false;
  server.on("GET /api/v1/install-tokens", () => ({
    body: { items: [{ ...token, state: revoked ? "revoked" : "active" }] },
  }));
  server.on("DELETE /api/v1/install-tokens/t1", () => {
    revoked = true;
    return { status: 204 };
  });
  window.history.replaceState(null, "", "/settings/install-tokens");
  render(<App env="test" />);
  await userEvent.click(await screen.findByRole("button", { name: "Revoke" }));
  const dialog = await screen.findByRole("dialog", { name: "Revoke this install token?" });
  expect(dialog.textContent).toContain("Falkenstein");
  await userEvent.click(within(dialog).getByRole("button", { name: "Revoke" }));
  expect(await screen.findByText("revoked")).toBeDefined();
});

it("tells those without permission that it is that", async () => {
  server.on("GET /api/v1/install-tokens", { status: 403, body: { status: 403, detail: "Operators and above only" } });
  window.history.replaceState(null, "", "/settings/install-tokens");
  render(<App env="test" />);
  expect(await screen.findByText("You have no permission to see this")).toBeDefined();
});
