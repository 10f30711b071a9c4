/** A node: its facts, and what it runs, tab by tab. */

import { Button } from "@mantine/core";
import { IconServerOff } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Suspense } from "react";
import { Problem } from "@/api/errors";
import { visibleText } from "@/shared/format/text";
import { ErrorState } from "@/shared/states/error-state";
import { Notice } from "@/shared/states/notice";
import { NodeHeader } from "./node-header";
import { NodeNotes } from "./node-notes";
import classes from "./node-page.module.css";
import { NodeSkeleton, TabSkeleton } from "./node-skeleton";
import { NodeTabs } from "./node-tabs";
import { TAB_PARTS } from "./tab-parts";
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
  const Content = TAB_PARTS[tab];
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
        <Suspense fallback={<TabSkeleton tab={tab} />}>
          <Content node={node.data} />
        </Suspense>
      </section>
    </div>
  );
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
