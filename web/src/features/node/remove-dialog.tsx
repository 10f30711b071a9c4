import { TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import type { NodeDetail } from "@/api/generated/model";
import { getListNodesQueryKey, useRemoveNode } from "@/api/generated/nodes/nodes";
import { visibleText } from "@/shared/format/text";
import { DialogForm } from "./dialog-form";
import classes from "./dialog-form.module.css";

const route = getRouteApi("/app/nodes/$nodeId");

interface NodeDialogProps {
  node: NodeDetail;
  onClose: () => void;
}

/** A removed node does not come back; so its name is asked for. */
export function RemoveDialog({ node, onClose }: NodeDialogProps) {
  const [typed, setTyped] = useState("");
  const client = useQueryClient();
  const navigate = route.useNavigate();
  const removal = useRemoveNode<Error>({
    mutation: {
      onSuccess: async () => {
        await navigate({ to: "/nodes" });
        void client.invalidateQueries({ queryKey: getListNodesQueryKey() });
      },
    },
  });
  const shown = nameToType(node.name);
  return (
    <DialogForm
      title="Remove this node"
      act="Remove node"
      isDestructive
      isReady={typed.trim() === shown}
      isBusy={removal.isPending}
      error={removal.error}
      onSubmit={() => removal.mutate({ nodeId: node.id })}
      onClose={onClose}
    >
      <p>
        It disappears from here with its history, and its agent is no longer let in. The machine itself and what runs on
        it stay as they are. This cannot be undone: a machine that is added again is a new node.
      </p>
      <TextInput
        label={
          <>
            Type <bdi className={classes.name}>{shown}</bdi> to remove it
          </>
        }
        autoComplete="off"
        data-autofocus
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
    </DialogForm>
  );
}

/** The name as it is shown, without an ellipsis nobody could type. */
export function nameToType(name: string): string {
  return visibleText(name, 128).replace(/…$/u, "").trim();
}
