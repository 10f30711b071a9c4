import { useQueryClient } from "@tanstack/react-query";
import type { NodeDetail } from "@/api/generated/model";
import { getGetNodeQueryKey, getListNodesQueryKey, useChangeNode } from "@/api/generated/nodes/nodes";

/** Changes a node's name or tags; what the server answers is shown at once. */
export function useNodeChange(node: NodeDetail, onDone: () => void) {
  const client = useQueryClient();
  return useChangeNode<Error>({
    mutation: {
      onSuccess: (changed) => {
        client.setQueryData(getGetNodeQueryKey(node.id), changed);
        void client.invalidateQueries({ queryKey: getListNodesQueryKey() });
        onDone();
      },
    },
  });
}
