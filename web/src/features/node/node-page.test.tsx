import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { SectionCoverage, Service } from "@/api/generated/model";
import { NOW, node, problem, renderNodePage } from "./node-page.fixture";

const NODE = "/api/v1/nodes/n1";
const SERVICES = `${NODE}/services`;
const PORTS = `${NODE}/ports`;

const service: Service = {
  key: "system/nginx.service",
  scope: "system",
  unit: "nginx.service",
  state: "active",
  sub_state: "running",
  source: "both",
  seen_from: NOW,
};
const failed: Service = { ...service, key: "system/backup.service", unit: "backup.service", state: "failed" };
const partial: SectionCoverage = {
  section: "ports",
  level: "partial",
  reason: "The owners of 3 ports are hidden.",
  grant: "setcap cap_sys_ptrace=ep /usr/bin/x",
  duration_seconds: 1,
  observed_at: NOW,
};

beforeEach(() => {
  // A table draws the rows that have room; without layout there would be none.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(1200);
});

describe("the node page", () => {
  it("shows its layout while it loads", async () => {
    renderNodePage("/nodes/n1", { [NODE]: new Promise(() => {}) });
    expect(await screen.findByRole("status", { name: "The node is loading" })).toBeTruthy();
  });

  it("says when there is no such node", async () => {
    renderNodePage("/nodes/n1", {});
    expect(await screen.findByText("There is no such node")).toBeTruthy();
  });

  it("asks the server for no id that would lead elsewhere", async () => {
    const asked = renderNodePage("/nodes/..%2Fsession", { "/api/v1/session": node }).asked;
    expect(await screen.findByText("There is no such node")).toBeTruthy();
    expect(asked).toEqual([]);
  });

  it("tells an error and tries again", async () => {
    const answers: Record<string, unknown> = { [NODE]: problem(503, "The database does not answer.") };
    renderNodePage("/nodes/n1?tab=coverage", answers);
    expect(await screen.findByText(/The database does not answer/)).toBeTruthy();
    answers[NODE] = node;
    await userEvent.click(screen.getByRole("button", { name: "Retry" }));
    expect(await screen.findByRole("heading", { name: "web-1" })).toBeTruthy();
  });

  it("says when the role may not see it", async () => {
    renderNodePage("/nodes/n1", { [NODE]: problem(403, "Another organization's.") });
    expect(await screen.findByText("You have no permission to see this")).toBeTruthy();
  });

  it("dates the values of a silent node", async () => {
    const silent = { ...node, status: "silent", last_seen_at: NOW - 740 };
    renderNodePage("/nodes/n1?tab=coverage", { [NODE]: silent });
    expect((await screen.findByText(/values are from/)).textContent).toMatch(
      /Last seen 12 min ago; values are from \d\d:\d\d/,
    );
  });

  it("warns of plain HTTP and of reports that were kept, refused or lost, but only then", async () => {
    renderNodePage("/nodes/n1?tab=coverage", { [NODE]: node });
    await screen.findByRole("heading", { name: "web-1" });
    expect(screen.queryByText(/plain HTTP|refused/)).toBeNull();
    const trouble = { ...node, plain_http: true, spooled_reports: 1, refused_reports: 2 };
    renderNodePage("/nodes/n1?tab=coverage", { [NODE]: trouble });
    expect(await screen.findByText(/speaks plain HTTP/)).toBeTruthy();
    expect(
      screen.getByText("1 report waits on the node to be sent. 2 reports were refused by the server."),
    ).toBeTruthy();
  });

  it("shows names from a node as text", async () => {
    const name = '<img src="x" onerror="alert(1)">\u202egnp.exe\u0007';
    renderNodePage("/nodes/n1?tab=coverage", { [NODE]: { ...node, name } });
    const heading = await screen.findByRole("heading", { level: 1 });
    expect(heading.textContent).toBe('<img src="x" onerror="alert(1)">\\u202egnp.exe\\u0007');
    expect(document.querySelector("img")).toBeNull();
  });

  it("gives a viewer nothing to change", async () => {
    renderNodePage("/nodes/n1?tab=coverage", { [NODE]: node }, "viewer");
    await userEvent.click(await screen.findByRole("button", { name: "Actions on this node" }));
    expect(await screen.findByRole("menuitem", { name: "Copy id" })).toBeTruthy();
    expect(screen.queryByRole("menuitem", { name: "Remove…" })).toBeNull();
  });

  it("removes a node only when its name was typed", async () => {
    renderNodePage("/nodes/n1?tab=coverage", { [NODE]: node });
    await userEvent.click(await screen.findByRole("button", { name: "Actions on this node" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: "Remove…" }));
    const remove = await screen.findByRole("button", { name: "Remove node" });
    expect(remove.hasAttribute("disabled")).toBe(true);
    await userEvent.type(screen.getByRole("textbox"), "web-1");
    expect(remove.hasAttribute("disabled")).toBe(false);
  });
});

describe("a table of the node page", () => {
  it("lists what is there, trouble first, and filters by a press", async () => {
    const { router } = renderNodePage("/nodes/n1?tab=services", {
      [NODE]: node,
      [SERVICES]: { items: [service, failed] },
      [PORTS]: { items: [] },
    });
    const table = await screen.findByRole("table");
    await within(table).findByText("backup.service");
    const units = within(table)
      .getAllByText(/\.service$/)
      .map((cell) => cell.textContent);
    expect(units).toEqual(["backup.service", "nginx.service"]);
    await userEvent.click(screen.getByRole("button", { name: /1 failed/ }));
    expect(within(table).queryByText("nginx.service")).toBeNull();
    expect(router.state.location.search).toMatchObject({ tab: "services", state: "failed" });
  });

  it("says what is hidden, and leads to the grant", async () => {
    renderNodePage("/nodes/n1?tab=ports", {
      [NODE]: { ...node, coverage: [partial], partly_seen: true },
      [PORTS]: { items: [], coverage: partial },
    });
    expect(await screen.findByText(partial.reason)).toBeTruthy();
    await userEvent.click(screen.getByRole("link", { name: "How to see all" }));
    expect(await screen.findByText(partial.grant)).toBeTruthy();
  });

  it("says when a search finds nothing, and shows all again", async () => {
    renderNodePage("/nodes/n1?tab=services&q=zzz", {
      [NODE]: node,
      [SERVICES]: { items: [service] },
      [PORTS]: { items: [] },
    });
    await userEvent.click(await screen.findByRole("button", { name: "Show all 1" }));
    expect(await screen.findByText("nginx.service")).toBeTruthy();
  });

  it("says what it will show when there is nothing yet", async () => {
    renderNodePage("/nodes/n1?tab=containers", {
      [NODE]: node,
      [`${NODE}/containers`]: { items: [] },
      [PORTS]: { items: [] },
    });
    expect(await screen.findByText("No containers known yet")).toBeTruthy();
  });

  it("tells an error and what stays", async () => {
    renderNodePage("/nodes/n1?tab=services", {
      [NODE]: node,
      [SERVICES]: problem(503, "Busy."),
      [PORTS]: { items: [] },
    });
    expect(await screen.findByText("Services could not be loaded")).toBeTruthy();
  });
});
