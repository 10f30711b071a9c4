import { useNavigate } from "@tanstack/react-router";
import { ErrorState } from "@/shared/states/error-state";
import type { Column, Sort } from "@/shared/table/column";
import { DataTable } from "@/shared/table/data-table";
import type { FleetRow } from "./fleet-columns";
import type { useFleetRows } from "./fleet-data";
import { FleetNoMatch } from "./fleet-empty";
import { FleetGrid } from "./fleet-grid";
import { NARROW_HEIGHT, NarrowNode } from "./narrow-node";
import { RefreshFailed } from "./refresh-failed";
import { useJoinedRows, useSparklines } from "./sparkline-data";

interface FleetTableProps {
  rows: ReturnType<typeof useFleetRows>;
  /** Names what is listed and in which order; when that changes, the table starts at its top. */
  listed: string;
  asGrid: boolean;
  columns: readonly Column<FleetRow>[];
  sort: Sort;
  onSort: (sort: Sort) => void;
  onClear: () => void;
}

/** How many rows to draw bones for while nobody knows how many there are. */
const LOADING_ROWS = 12;

/** The rows that match, or why there are none. */
export function FleetTable({ rows, listed, asGrid, columns, sort, onSort, onClear }: FleetTableProps) {
  const navigate = useNavigate();
  const lines = useSparklines(rows.visible);
  const join = useJoinedRows();
  if (rows.total === 0) return <FleetNoMatch onClear={onClear} />;
  if (rows.error && rows.total === undefined) {
    const stays = "They go on reporting, and nothing is lost.";
    return <ErrorState error={rows.error} what="The nodes" stays={stays} onRetry={rows.retry} />;
  }
  const count = rows.total ?? LOADING_ROWS;
  const rowAt = (index: number): FleetRow | undefined => {
    const node = rows.rowAt(index);
    return node && join(node, lines.get(node.id));
  };
  return (
    <>
      {rows.error ? <RefreshFailed error={rows.error} onRetry={rows.retry} /> : null}
      {asGrid ? (
        <FleetGrid count={count} rowAt={rowAt} onRange={rows.onRange} listed={listed} />
      ) : (
        <DataTable<FleetRow>
          label="Nodes"
          listed={listed}
          columns={columns}
          count={count}
          rowAt={rowAt}
          rowKey={({ node }) => node.id}
          sort={sort}
          onSort={onSort}
          onOpen={({ node }) => void navigate({ to: "/nodes/$nodeId", params: { nodeId: node.id } })}
          onRange={rows.onRange}
          isStale={({ node }) => node.status !== "online"}
          narrow={{ height: NARROW_HEIGHT, row: ({ node }) => <NarrowNode node={node} /> }}
          fill
        />
      )}
    </>
  );
}
