/** A section of the inventory as a table: search, filters, coverage note, and every state it can be in. */

import { Anchor } from "@mantine/core";
import { IconEyeOff, IconInbox, IconSearchOff } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type ReactNode, useCallback, useDeferredValue, useMemo } from "react";
import type { NodeDetail, SectionCoverage } from "@/api/generated/model";
import { formatCount } from "@/shared/format/numbers";
import { visibleText } from "@/shared/format/text";
import { Banner } from "@/shared/states/banner";
import { ErrorState } from "@/shared/states/error-state";
import { Notice } from "@/shared/states/notice";
import type { Column, Sort } from "@/shared/table/column";
import { ColumnChoice } from "@/shared/table/column-choice";
import { CopyCsv } from "@/shared/table/copy-csv";
import { DataTable } from "@/shared/table/data-table";
import { searchRows, sortRows, textOfRows } from "@/shared/table/rows";
import { useColumns } from "@/shared/table/use-columns";
import { asSentence, isIncomplete, nameOfSection } from "./coverage-words";
import { Grant } from "./grant";
import { ItemDrawer } from "./item-drawer";
import { NO_FILTERS, type NodeSearch, readNodeSearch, searchOfTab, type Tab } from "./node-search";
import { SearchBox } from "./search-box";
import classes from "./section.module.css";
import { readSort, writeSort } from "./sort-word";

const route = getRouteApi("/app/nodes/$nodeId");

/** How many bones a table shows before its rows are known. */
const BONES = 8;
const NOTHING: never[] = [];

interface SectionList<Row> {
  items: readonly Row[];
  coverage?: SectionCoverage | null;
}

/** What a click on a row opens. */
export interface Detail {
  title: string;
  body: ReactNode;
}

interface SectionViewProps<Row> {
  node: NodeDetail;
  section: Exclude<Tab, "overview" | "coverage">;
  list: { data: SectionList<Row> | undefined; isError: boolean; error: unknown; refetch: () => unknown };
  columns: readonly Column<Row>[];
  /** Absent: the rows stay in the order in which they are given. */
  sort?: Sort;
  rowKey: (row: Row) => string;
  narrow: { height: number; row: (row: Row) => ReactNode };
  /** The chosen filters, besides the search. */
  matches?: ((row: Row) => boolean) | undefined;
  filters?: ReactNode;
  isFiltered?: boolean;
  /** What the table will show once there is something. */
  emptyWords: string;
  /** What the rows are, where that is not what the section is called: "rules". */
  itemWords?: string;
  /** What is said above the table, about the whole section. */
  summary?: ReactNode;
  detail?: (row: Row) => Detail;
  /** Puts headings (see DataTable) between the rows that match, which it may leave out. */
  arrange?: (found: readonly Row[], hasNarrowed: boolean) => readonly Row[];
  heading?: (row: Row) => ReactNode;
}

export function SectionView<Row>(props: SectionViewProps<Row>) {
  const { node, section, list, columns, narrow, rowKey, arrange } = props;
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { visible, shown, toggle } = useColumns(section, columns);
  const show = useShow();
  const open = useCallback(
    (row: Row) => void navigate({ search: (old) => readNodeSearch({ ...old, item: rowKey(row) }), resetScroll: false }),
    [navigate, rowKey],
  );
  const name = nameOfSection(section);
  const items: readonly Row[] = list.data?.items ?? NOTHING;
  const sort = useMemo(() => (props.sort ? readSort(search.sort, props.sort) : undefined), [search.sort, props.sort]);
  const found = useFound(items, columns, sort, search.q ?? "", props.matches);
  const hasNarrowed = Boolean(props.isFiltered || search.q);
  const rows = useMemo(() => arrange?.(found, hasNarrowed) ?? found, [arrange, found, hasNarrowed]);

  if (list.isError && !list.data) {
    const stays = "What was seen before is kept.";
    return <ErrorState error={list.error} what={name} stays={stays} onRetry={() => void list.refetch()} />;
  }
  const coverage = list.data?.coverage ?? node.coverage.find((one) => one.section === section);
  const isEmpty = list.data !== undefined && items.length === 0;
  const words = props.itemWords ?? name.toLowerCase();
  const opened = search.item === undefined ? undefined : items.find((row) => rowKey(row) === search.item);

  return (
    <div className={classes.section}>
      {coverage && isIncomplete(coverage) && !(isEmpty && coverage.level !== "partial") ? (
        <CoverageNote coverage={coverage} />
      ) : null}
      {props.summary}
      {isEmpty ? (
        <EmptySection name={words} words={props.emptyWords} coverage={coverage} />
      ) : (
        <>
          <div className={classes.bar}>
            <SearchBox label={`Search ${words}`} value={search.q ?? ""} onChange={(q) => show({ q })} />
            {props.filters}
            <div className={classes.end}>
              <span className={classes.found} role="status">
                {list.data ? countWords(found.length, items.length, words) : ""}
              </span>
              <ColumnChoice columns={columns} shown={shown} onToggle={toggle} />
              <CopyCsv columns={visible} rows={() => found} />
            </div>
          </div>
          {list.data && found.length === 0 && hasNarrowed ? (
            <Notice icon={<IconSearchOff />} title={`No ${words} match`}>
              <Anchor component="button" type="button" onClick={() => show({ ...NO_FILTERS })}>
                Show all {formatCount(items.length)}
              </Anchor>
            </Notice>
          ) : (
            <DataTable
              label={`${name} on ${visibleText(node.name)}`}
              columns={visible}
              count={list.data ? rows.length : BONES}
              rowAt={(index) => rows[index]}
              rowKey={rowKey}
              sort={sort}
              onSort={props.sort ? (next) => show({ sort: writeSort(next) }) : undefined}
              onOpen={props.detail ? open : undefined}
              isStale={() => node.status === "silent"}
              heading={props.heading}
              narrow={narrow}
            />
          )}
        </>
      )}
      {props.detail && list.data ? (
        <ItemDrawer
          detail={opened === undefined ? undefined : props.detail(opened)}
          isMissing={search.item !== undefined && opened === undefined}
          onClose={() => show({ item: undefined })}
        />
      ) : null}
    </div>
  );
}

/** Changes what the address says, in place: filters are no steps that Back should go through. */
export function useShow(): (change: NodeSearch) => void {
  const navigate = route.useNavigate();
  return useCallback(
    (change) =>
      void navigate({ search: (old) => readNodeSearch({ ...old, ...change }), replace: true, resetScroll: false }),
    [navigate],
  );
}

/**
 * The rows that match. Sorting and making text to search in are dear with thousands of rows, so each is done once for a
 * list; typing only looks through the text, and may run ahead of the table when there is much to draw.
 */
function useFound<Row>(
  items: readonly Row[],
  columns: readonly Column<Row>[],
  sort: Sort | undefined,
  query: string,
  matches: ((row: Row) => boolean) | undefined,
): readonly Row[] {
  const later = useDeferredValue(query);
  const sorted = useMemo(() => sortRows(items, columns, sort), [items, columns, sort]);
  const textOf = useMemo(() => textOfRows(columns), [columns]);
  return useMemo(
    () => searchRows(matches ? sorted.filter(matches) : sorted, textOf, later),
    [sorted, textOf, later, matches],
  );
}

function countWords(found: number, all: number, name: string): string {
  return `${found === all ? "" : `${formatCount(found)} of `}${formatCount(all)} ${name}`;
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
      <Notice icon={<IconInbox />} title={`No ${name} here`}>
        {asSentence(coverage.reason) || words}
      </Notice>
    );
  }
  if (coverage === undefined || coverage === null) {
    return (
      <Notice icon={<IconInbox />} title={`No ${name} known yet`}>
        The first scan takes up to a few minutes. {words}
      </Notice>
    );
  }
  if (coverage.level === "denied" || coverage.level === "error") {
    return (
      <Notice
        icon={<IconEyeOff />}
        title={coverage.level === "denied" ? "Not visible to the agent" : "Could not be read"}
        action={<Grant coverage={coverage} />}
      >
        <bdi>{asSentence(coverage.reason)}</bdi> {words}
      </Notice>
    );
  }
  return (
    <Notice icon={<IconInbox />} title={`No ${name}`}>
      {words}
    </Notice>
  );
}
