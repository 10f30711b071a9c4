import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { NodeFacets } from "@/api/generated/model";
import { FilterMenu } from "@/shared/filter/filter-menu";
import { SearchField } from "@/shared/filter/search-field";
import { formatCount } from "@/shared/format/numbers";
import { type FleetSearch, isFiltered } from "./fleet-search";
import classes from "./fleet-toolbar.module.css";

interface FleetToolbarProps {
  facets: NodeFacets | undefined;
  search: FleetSearch;
  /** How many match; undefined while that is not known. */
  total: number | undefined;
  onChange: (change: Partial<FleetSearch>) => void;
  onClear: () => void;
  /** What is done with the columns; a phone has none. */
  children: ReactNode;
}

export function FleetToolbar({ facets, search, total, onChange, onClear, children }: FleetToolbarProps) {
  return (
    <div className={classes.bar}>
      <div className={classes.search}>
        <SearchField label="Search name or address" value={search.q ?? ""} onChange={(q) => onChange({ q })} />
      </div>
      <div className={classes.filters}>
        <FilterMenu
          label="Provider"
          choices={facets?.providers ?? []}
          chosen={search.provider ?? []}
          onChange={(provider) => onChange({ provider })}
        />
        <FilterMenu
          label="OS"
          choices={facets?.systems ?? []}
          chosen={search.os ?? []}
          onChange={(os) => onChange({ os })}
        />
        <FilterMenu
          label="Tag"
          choices={facets?.tags ?? []}
          chosen={search.tag ?? []}
          onChange={(tag) => onChange({ tag })}
        />
      </div>
      {isFiltered(search) ? (
        <>
          <Button variant="subtle" size="sm" className={classes.clear} onClick={onClear}>
            Clear
          </Button>
          <span className={classes.total} aria-live="polite">
            {matches(total)}
          </span>
        </>
      ) : null}
      <span className={classes.space} />
      <div className={classes.tools}>{children}</div>
    </div>
  );
}

function matches(total: number | undefined): string {
  if (total === undefined) return "";
  if (total === 0) return "none match";
  return total === 1 ? "1 matches" : `${formatCount(total)} match`;
}
