import { listNodes } from "@/api/generated/nodes/nodes";
import type { FleetRow } from "./fleet-columns";
import { type FleetSearch, toParams } from "./fleet-search";

/** The most that the server hands out at once. */
const LIMIT = 500;

/** Every node that matches, for a copy of the whole table. */
export async function fetchAllRows(search: FleetSearch): Promise<FleetRow[]> {
  const rows: FleetRow[] = [];
  for (;;) {
    const page = await listNodes({ ...toParams(search), offset: rows.length, limit: LIMIT });
    rows.push(...page.items.map((node) => ({ node, lines: undefined })));
    if (page.items.length === 0 || rows.length >= page.total) return rows;
  }
}
