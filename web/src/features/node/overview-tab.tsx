/** What this node did: its charts over one window of time, which stands in the address. */

import { IconChartLine } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import type { NodeDetail } from "@/api/generated/model";
import { ChartGroup, type ChartPage, ChartPageContext } from "@/shared/charts/chart-group";
import type { Span } from "@/shared/charts/types";
import { ErrorState } from "@/shared/states/error-state";
import { Notice } from "@/shared/states/notice";
import { Attention } from "./attention";
import { MachineFacts } from "./machine-facts";
import { NodeCharts } from "./node-charts";
import { type NodeSearch, type RangeName, readNodeSearch } from "./node-search";
import { RangeBar } from "./range-bar";
import { useSamples, useWindow } from "./use-samples";

const route = getRouteApi("/app/nodes/$nodeId");

export function OverviewTab({ node }: { node: NodeDetail }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const window = useWindow(search);
  const range = useSamples(node.id, search, window);
  const [group] = useState(() => new ChartGroup());
  const { from, to } = window.span;
  const now = window.seconds === undefined ? Math.floor(Date.now() / 1000) : to;

  const page = useMemo((): ChartPage => {
    const show = (next: NodeSearch) => void navigate({ search: readNodeSearch({ ...next }), resetScroll: false });
    const onSpan = (span: Span | null) => {
      if (span === null) show({ ...search, from: undefined, to: undefined });
      else show({ ...search, from: Math.round(span.from), to: Math.round(span.to) });
    };
    return { group, span: { from, to }, onSpan, now };
  }, [group, from, to, now, navigate, search]);

  const onRange = (name: RangeName) =>
    void navigate({
      search: readNodeSearch({ ...search, from: undefined, to: undefined, range: name }),
      resetScroll: false,
    });

  if (node.status === "waiting") {
    return (
      <Notice icon={<IconChartLine />} title="The charts begin with the first report">
        CPU, memory, network, disks, load and pressure, live and over the last 30 days.
      </Notice>
    );
  }
  return (
    <>
      <Attention node={node} />
      <MachineFacts node={node} />
      <RangeBar window={window} now={now} onRange={onRange} onSpan={page.onSpan} />
      {range.isError && !range.data ? (
        <ErrorState
          error={range.error}
          what="The charts"
          stays="Nothing is lost: the node goes on reporting."
          onRetry={() => void range.refetch()}
        />
      ) : (
        <ChartPageContext value={page}>
          <NodeCharts
            range={range.data}
            cpuCount={node.cpu_count}
            bootAt={node.boot_at}
            isStale={node.status === "silent"}
          />
        </ChartPageContext>
      )}
    </>
  );
}
