import { useDocumentTitle } from "@mantine/hooks";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { ColumnChoice } from "@/shared/table/column-choice";
import { CopyCsv } from "@/shared/table/copy-csv";
import { useColumns } from "@/shared/table/use-columns";
import { AddServerButton } from "./add-server-button";
import { fetchAllRows } from "./fetch-all-rows";
import { fleetColumns } from "./fleet-columns";
import { FleetCounts } from "./fleet-counts";
import { useFleetRows, useFleetSummary } from "./fleet-data";
import { FleetEmpty } from "./fleet-empty";
import { useFleetLive } from "./fleet-live";
import classes from "./fleet-page.module.css";
import { type FleetSearch, withoutDefaults } from "./fleet-search";
import { FleetTable } from "./fleet-table";
import { FleetToolbar } from "./fleet-toolbar";
import { ViewSwitch } from "./view-switch";

const route = getRouteApi("/app/nodes");

export function FleetPage() {
  useDocumentTitle("Nodes · Nodestral");
  const { add: _, ...search } = route.useSearch();
  const navigate = route.useNavigate();
  const summary = useFleetSummary();
  const rows = useFleetRows(search);
  useFleetLive(search);

  const change = useCallback(
    (changed: Partial<FleetSearch>) =>
      void navigate({ to: "/nodes", search: (before) => withoutDefaults({ ...before, ...changed }), replace: true }),
    [navigate],
  );
  const clear = () =>
    void navigate({
      to: "/nodes",
      search: ({ sort, descending, view }) => withoutDefaults({ sort, descending, view }),
    });
  const columns = useMemo(() => fleetColumns((by, value) => change({ [by]: [value] })), [change]);
  const { visible, shown, toggle } = useColumns("fleet", columns);

  if (summary.data?.counts.total === 0) return <FleetEmpty />;
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <h1 className={classes.title}>Nodes</h1>
        <AddServerButton />
      </div>
      {summary.isError && !summary.data ? null : (
        <FleetCounts counts={summary.data?.counts} search={search} onChange={change} />
      )}
      <FleetToolbar facets={summary.data?.facets} search={search} total={rows.total} onChange={change} onClear={clear}>
        <ViewSwitch
          asGrid={search.view === "grid"}
          onChange={(asGrid) => change({ view: asGrid ? "grid" : undefined })}
        />
        {search.view === "grid" ? null : <ColumnChoice columns={columns} shown={shown} onToggle={toggle} />}
        <CopyCsv columns={visible} rows={() => fetchAllRows(search)} />
      </FleetToolbar>
      <FleetTable
        rows={rows}
        listed={JSON.stringify(search)}
        asGrid={search.view === "grid"}
        columns={visible}
        sort={{ column: search.sort ?? "name", descending: search.descending ?? false }}
        onSort={({ column, descending }) => change({ sort: column as FleetSearch["sort"], descending })}
        onClear={clear}
      />
    </div>
  );
}
