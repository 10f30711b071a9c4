import { getRouteApi } from "@tanstack/react-router";
import { useGetNode } from "@/api/generated/nodes/nodes";
import { useLiveNode } from "@/shared/live/live";
import { ErrorState } from "@/shared/states/error-state";
import { StatusMark } from "@/shared/status/status";
import { NodeText } from "@/shared/text/node-text";

const route = getRouteApi("/app/nodes/$nodeId");

export function NodePage() {
  const { nodeId } = route.useParams();
  const node = useGetNode(nodeId);
  useLiveNode(nodeId);
  if (node.isError && !node.data) {
    return <ErrorState error={node.error} what="This node" onRetry={() => void node.refetch()} />;
  }
  if (!node.data) return null;
  return (
    <h1>
      <NodeText value={node.data.name} /> <StatusMark kind={node.data.status} />
    </h1>
  );
}
