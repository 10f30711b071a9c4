/** A section of the inventory as a table: search, filters, coverage note, and every state it can be in. */

import { Anchor } from "@mantine/core";
import { IconEyeOff, IconInbox, IconSearchOff } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { NodeDetail, SectionCoverage } from "@/api/generated/model";
import { visibleText } from "@/shared/format/text";
import { Banner } from "@/shared/states/banner";
import { ErrorState } from "@/shared/states/error-state";
import { Notice } from "@/shared/states/notice";
import type { Column, Sort } from "@/shared/table/column";
import { ColumnChoice } from "@/shared/table/column-choice";
import { CopyCsv } from "@/shared/table/copy-csv";
import { DataTable } from "@/shared/table/data-table";
import { searchRows, sortRows } from "@/shared/table/rows";
import { useColumns } from "@/shared/table/use-columns";
import { asSentence, isIncomplete, nameOfSection } from "./coverage-words";
import { readNodeSearch, searchOfTab } from "./node-search";
import { SearchBox } from "./search-box";
import classes from "./section.module.css";
import { readSort, writeSort } from "./sort-word";

const route = getRouteApi("/app/nodes/$nodeId");

/** How many bones a table shows before its rows are known. */
const BONES = 8;

interface SectionList<Row> {
  items: Row[];
  coverage?: SectionCoverage | null;
}

interface SectionViewProps<Row> {
  node: NodeDetail;
  section: "services" | "ports" | "containers";
  list: { data: SectionList<Row> | undefined; isError: boolean; error: unknown; refetch: () => unknown };
  columns: readonly Column<Row>[];
  sort: Sort;
  rowKey: (row: Row) => string;
  narrow: { height: number; row: (row: Row) => ReactNode };
  /** The chosen filters, besides the search. */
  matches: (row: Row) => boolean;
  filters: ReactNode;
  isFiltered: boolean;
  /** What the table will show once there is something. */
  emptyWords: string;
}

export function SectionView<Row>(props: SectionViewProps<Row>) {
  const { node, section, list, columns, narrow } = props;
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { visible, shown, toggle } = useColumns(section, columns);
  const show = (change: Record<string, unknown>) =>
    void navigate({ search: readNodeSearch({ ...search, ...change }), replace: true, resetScroll: false });
  const name = nameOfSection(section);

  if (list.isError && !list.data) {
    const stays = "What was seen before is kept.";
    return <ErrorState error={list.error} what={name} stays={stays} onRetry={() => void list.refetch()} />;
  }
  const sort = readSort(search.sort, props.sort);
  const items = list.data?.items ?? [];
  const rows = sortRows(searchRows(items.filter(props.matches), columns, search.q ?? ""), columns, sort);
  const coverage = list.data?.coverage ?? node.coverage.find((one) => one.section === section);
  const hasNarrowed = props.isFiltered || Boolean(search.q);

  return (
    <div className={classes.section}>
      {coverage && isIncomplete(coverage) ? <CoverageNote coverage={coverage} /> : null}
      {list.data && items.length === 0 ? (
        <EmptySection name={name} words={props.emptyWords} coverage={coverage} />
      ) : (
        <>
          <div className={classes.bar}>
            <SearchBox label={`Search ${name.toLowerCase()}`} value={search.q ?? ""} onChange={(q) => show({ q })} />
            {props.filters}
            <div className={classes.end}>
              <span className={classes.found} role="status">
                {list.data ? countWords(rows.length, items.length, name) : ""}
              </span>
              <ColumnChoice columns={columns} shown={shown} onToggle={toggle} />
              <CopyCsv columns={visible} rows={() => rows} />
            </div>
          </div>
          {list.data && rows.length === 0 && hasNarrowed ? (
            <Notice icon={<IconSearchOff />} title={`No ${name.toLowerCase()} match`}>
              <Anchor
                component="button"
                type="button"
                onClick={() => show({ q: "", state: "", scope: "", where: "", protocol: "" })}
              >
                Show all {items.length}
              </Anchor>
            </Notice>
          ) : (
            <DataTable
              label={`${name} on ${visibleText(node.name)}`}
              columns={visible}
              count={list.data ? rows.length : BONES}
              rowAt={(index) => rows[index]}
              rowKey={props.rowKey}
              sort={sort}
              onSort={(next) => show({ sort: writeSort(next) })}
              isStale={() => node.status === "silent"}
              narrow={narrow}
            />
          )}
        </>
      )}
    </div>
  );
}

function countWords(found: number, all: number, name: string): string {
  return `${found === all ? all : `${found} of ${all}`} ${name.toLowerCase()}`;
}

/** Above a table that does not show everything: why, and the way to the grant. */
function CoverageNote({ coverage }: { coverage: SectionCoverage }) {
  const { nodeId } = route.useParams();
  const search = route.useSearch();
  return (
    <Banner
      tone="warn"
      icon={<IconEyeOff />}
      action={
        <Link className={classes.link} to="/nodes/$nodeId" params={{ nodeId }} search={searchOfTab(search, "coverage")}>
          {coverage.grant ? "How to see all" : "What is hidden"}
        </Link>
      }
    >
      {asSentence(coverage.reason) || "Not everything can be seen here."}
    </Banner>
  );
}

function EmptySection({
  name,
  words,
  coverage,
}: {
  name: string;
  words: string;
  coverage: SectionCoverage | undefined | null;
}) {
  if (coverage?.level === "absent") {
    return (
      <Notice icon={<IconInbox />} title={`No ${name.toLowerCase()} here`}>
        {asSentence(coverage.reason) || words}
      </Notice>
    );
  }
  if (coverage === undefined || coverage === null) {
    return (
      <Notice icon={<IconInbox />} title={`No ${name.toLowerCase()} known yet`}>
        The first scan takes up to a few minutes. {words}
      </Notice>
    );
  }
  return (
    <Notice icon={<IconInbox />} title={`No ${name.toLowerCase()}`}>
      {words}
    </Notice>
  );
}
