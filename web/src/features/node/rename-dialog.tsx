import { TextInput } from "@mantine/core";
import { useState } from "react";
import type { NodeDetail } from "@/api/generated/model";
import { visibleText } from "@/shared/format/text";
import { DialogForm } from "./dialog-form";
import { useNodeChange } from "./use-node-change";

interface NodeDialogProps {
  node: NodeDetail;
  onClose: () => void;
}

/** Gives a node the name that people see; its host name stays what it is. */
export function RenameDialog({ node, onClose }: NodeDialogProps) {
  const [name, setName] = useState(() => visibleText(node.name, 128));
  const change = useNodeChange(node, onClose);
  const trimmed = name.trim();
  return (
    <DialogForm
      title="Rename this node"
      act="Rename"
      isReady={trimmed !== "" && trimmed !== node.name}
      isBusy={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate({ nodeId: node.id, data: { name: trimmed } })}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        description={`Its host name, ${visibleText(node.hostname, 64)}, stays as it is.`}
        maxLength={128}
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </DialogForm>
  );
}
