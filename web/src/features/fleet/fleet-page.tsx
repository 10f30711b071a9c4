import { useDocumentTitle } from "@mantine/hooks";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { ErrorState } from "@/shared/states/error-state";
import { ColumnChoice } from "@/shared/table/column-choice";
import { CopyCsv } from "@/shared/table/copy-csv";
import { DataTable } from "@/shared/table/data-table";
import { useColumns } from "@/shared/table/use-columns";
import { AddServerButton } from "./add-server-button";
import { fetchAllRows } from "./fetch-all-rows";
import { type FleetRow, fleetColumns } from "./fleet-columns";
import { FleetCounts } from "./fleet-counts";
import { useFleetLive, useFleetRows, useFleetSummary } from "./fleet-data";
import { FleetEmpty, FleetNoMatch } from "./fleet-empty";
import classes from "./fleet-page.module.css";
import { type FleetSearch, withoutDefaults } from "./fleet-search";
import { FleetToolbar } from "./fleet-toolbar";
import { NARROW_HEIGHT, NarrowNode } from "./narrow-node";
import { RefreshFailed } from "./refresh-failed";
import { useSparklines } from "./sparkline-data";

const route = getRouteApi("/app/nodes");
const LOADING_ROWS = 12;

export function FleetPage() {
  useDocumentTitle("Nodes · Nodestral");
  const { add: _, ...search } = route.useSearch();
  const navigate = route.useNavigate();
  const summary = useFleetSummary();
  const rows = useFleetRows(search);
  const lines = useSparklines(rows.visible);
  useFleetLive(search);

  const change = useCallback(
    (changed: Partial<FleetSearch>) =>
      void navigate({ to: "/nodes", search: (before) => withoutDefaults({ ...before, ...changed }), replace: true }),
    [navigate],
  );
  const clear = () =>
    void navigate({ to: "/nodes", search: ({ sort, descending }) => withoutDefaults({ sort, descending }) });
  const columns = useMemo(() => fleetColumns((by, value) => change({ [by]: [value] })), [change]);
  const { visible, shown, toggle } = useColumns("fleet", columns);

  if (rows.error && rows.total === undefined) {
    const retry = () => void Promise.all([rows.refetch(), summary.refetch()]);
    return (
      <ErrorState
        error={rows.error}
        what="The nodes"
        stays="They go on reporting and nothing is lost."
        onRetry={retry}
      />
    );
  }
  if (summary.data?.counts.total === 0) return <FleetEmpty />;
  const sort = { column: search.sort ?? "name", descending: search.descending ?? false };
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <h1 className={classes.title}>Nodes</h1>
        <AddServerButton />
      </div>
      <FleetCounts counts={summary.data?.counts} search={search} onChange={change} />
      <FleetToolbar facets={summary.data?.facets} search={search} total={rows.total} onChange={change} onClear={clear}>
        <ColumnChoice columns={columns} shown={shown} onToggle={toggle} />
        <CopyCsv columns={visible} rows={() => fetchAllRows(search)} />
      </FleetToolbar>
      {rows.error ? <RefreshFailed error={rows.error} onRetry={() => void rows.refetch()} /> : null}
      {rows.total === 0 ? (
        <FleetNoMatch onClear={clear} />
      ) : (
        <DataTable<FleetRow>
          label="Nodes"
          columns={visible}
          count={rows.total ?? LOADING_ROWS}
          rowAt={(index) => {
            const node = rows.rowAt(index);
            return node && { node, lines: lines.get(node.id) };
          }}
          rowKey={({ node }) => node.id}
          sort={sort}
          onSort={({ column, descending }) => change({ sort: column as FleetSearch["sort"], descending })}
          onOpen={({ node }) => void navigate({ to: "/nodes/$nodeId", params: { nodeId: node.id } })}
          onRange={rows.onRange}
          isStale={({ node }) => node.status !== "online"}
          narrow={{ height: NARROW_HEIGHT, row: ({ node }) => <NarrowNode node={node} /> }}
          fill
        />
      )}
    </div>
  );
}
