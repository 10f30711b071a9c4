import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { getGetNodeQueryKey, useGetNode } from "@/api/generated/nodes/nodes";
import { useLiveBatches } from "@/shared/live/live";
import { StatusMark } from "@/shared/status/status";
import { NodeText } from "@/shared/text/node-text";
import classes from "./add-server.module.css";

const POLL_MILLISECONDS = 3000;

/** One node that came: known at once, green from its first report on. */
export function Arrival({ nodeId }: { nodeId: string }) {
  const queries = useQueryClient();
  const node = useGetNode(nodeId, {
    query: {
      staleTime: 0,
      refetchInterval: ({ state }) => (state.data?.status === "online" ? false : POLL_MILLISECONDS),
    },
  });
  useLiveBatches((batch) => {
    if (
      !batch.status.some((event) => event.node_id === nodeId) &&
      !batch.seen.some((event) => event.node_id === nodeId)
    )
      return;
    if (node.data?.status !== "online") void queries.invalidateQueries({ queryKey: getGetNodeQueryKey(nodeId) });
  });
  const online = node.data?.status === "online";
  return (
    <div className={classes.arrival} data-online={online || undefined}>
      <StatusMark kind={online ? "online" : "waiting"} quiet />
      <span className={classes.words}>
        <strong>
          <NodeText value={node.data?.name} missing="A machine" />
        </strong>
        {online ? "is online" : "has come in, waiting for its first report"}
      </span>
      <Button
        variant="default"
        size="compact-sm"
        renderRoot={(props) => <Link to="/nodes/$nodeId" params={{ nodeId }} {...props} />}
      >
        Open
      </Button>
    </div>
  );
}

interface WaitingProps {
  /** How many machines may still come. */
  more: number;
  /** Whether one has come already. */
  any: boolean;
}

export function Waiting({ more, any }: WaitingProps) {
  const words = any ? `Room for ${more} more` : "Waiting for the server to come in…";
  return (
    <div className={classes.arrival}>
      <StatusMark kind="waiting" quiet />
      <span className={classes.words}>{words}</span>
    </div>
  );
}
