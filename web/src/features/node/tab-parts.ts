/** The code of each tab, fetched when the tab is first shown, or a moment before: when a hand comes near it. */

import { type ComponentType, lazy } from "react";
import type { NodeDetail } from "@/api/generated/model";
import type { Tab } from "./node-search";

type Part = ComponentType<{ node: NodeDetail }>;

const LOADERS: Record<Tab, () => Promise<{ default: Part }>> = {
  overview: () => import("./overview-tab").then((part) => ({ default: part.OverviewTab })),
  services: () => import("./services-tab").then((part) => ({ default: part.ServicesTab })),
  ports: () => import("./ports-tab").then((part) => ({ default: part.PortsTab })),
  containers: () => import("./containers-tab").then((part) => ({ default: part.ContainersTab })),
  certificates: () => import("./certificates-tab").then((part) => ({ default: part.CertificatesTab })),
  packages: () => import("./packages-tab").then((part) => ({ default: part.PackagesTab })),
  updates: () => import("./updates-tab").then((part) => ({ default: part.UpdatesTab })),
  firewall: () => import("./firewall-tab").then((part) => ({ default: part.FirewallTab })),
  users: () => import("./users-tab").then((part) => ({ default: part.UsersTab })),
  coverage: () => import("./coverage-tab").then((part) => ({ default: part.CoverageTab })),
};

export const TAB_PARTS: Record<Tab, Part> = {
  overview: lazy(LOADERS.overview),
  services: lazy(LOADERS.services),
  ports: lazy(LOADERS.ports),
  containers: lazy(LOADERS.containers),
  certificates: lazy(LOADERS.certificates),
  packages: lazy(LOADERS.packages),
  updates: lazy(LOADERS.updates),
  firewall: lazy(LOADERS.firewall),
  users: lazy(LOADERS.users),
  coverage: lazy(LOADERS.coverage),
};

/** A part that cannot be fetched now is asked for again, and its failure shown, when it is needed. */
export function prepareTab(tab: Tab): void {
  LOADERS[tab]().catch(() => {});
}
