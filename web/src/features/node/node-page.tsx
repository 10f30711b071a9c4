/** A node: its facts, and what it runs, tab by tab. */

import { Button } from "@mantine/core";
import { IconServerOff } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Problem } from "@/api/errors";
import type { NodeDetail } from "@/api/generated/model";
import { visibleText } from "@/shared/format/text";
import { ErrorState } from "@/shared/states/error-state";
import { Notice } from "@/shared/states/notice";
import { ContainersTab } from "./containers-tab";
import { CoverageTab } from "./coverage-tab";
import { NodeHeader } from "./node-header";
import { NodeNotes } from "./node-notes";
import classes from "./node-page.module.css";
import { NodeSkeleton } from "./node-skeleton";
import { NodeTabs } from "./node-tabs";
import { OverviewTab } from "./overview-tab";
import { PortsTab } from "./ports-tab";
import { ServicesTab } from "./services-tab";
import { useNode } from "./use-node";

const route = getRouteApi("/app/nodes/$nodeId");

/** What an id can look like; anything else would make the request go somewhere else. */
const ID = /^[A-Za-z0-9_-]{1,64}$/;

export function NodePage() {
  const { nodeId } = route.useParams();
  return ID.test(nodeId) ? <KnownNode key={nodeId} nodeId={nodeId} /> : <NoSuchNode />;
}

function KnownNode({ nodeId }: { nodeId: string }) {
  const node = useNode(nodeId);
  const { tab = "overview" } = route.useSearch();
  const isGone = node.error instanceof Problem && node.error.status === 404;
  if (isGone) return <NoSuchNode />;
  if (node.isError && !node.data) {
    const stays = "The node itself goes on; its agent keeps what it measures.";
    return <ErrorState error={node.error} what="This node" stays={stays} onRetry={() => void node.refetch()} />;
  }
  if (!node.data) return <NodeSkeleton tab={tab} />;
  return (
    <div className={classes.page}>
      <title>{`${visibleText(node.data.name, 64)} – Nodestral`}</title>
      <NodeHeader node={node.data} />
      <NodeNotes node={node.data} />
      <NodeTabs node={node.data} />
      <section aria-label={tab} className={classes.content}>
        <TabContent tab={tab} node={node.data} />
      </section>
    </div>
  );
}

function TabContent({ tab, node }: { tab: string; node: NodeDetail }) {
  if (tab === "services") return <ServicesTab node={node} />;
  if (tab === "ports") return <PortsTab node={node} />;
  if (tab === "containers") return <ContainersTab node={node} />;
  if (tab === "coverage") return <CoverageTab node={node} />;
  return <OverviewTab node={node} />;
}

function NoSuchNode() {
  return (
    <Notice
      icon={<IconServerOff />}
      title="There is no such node"
      action={
        <Button variant="default" renderRoot={(props) => <Link to="/nodes" {...props} />}>
          All nodes
        </Button>
      }
    >
      It was removed, or it belongs to another organization.
    </Notice>
  );
}
