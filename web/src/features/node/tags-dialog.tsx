import { TextInput } from "@mantine/core";
import { useState } from "react";
import type { NodeDetail } from "@/api/generated/model";
import { DialogForm } from "./dialog-form";
import { useNodeChange } from "./use-node-change";

interface NodeDialogProps {
  node: NodeDetail;
  onClose: () => void;
}

/** The server takes so many tags of a node, each of 64 characters at most. */
const MOST_TAGS = 32;
const LONGEST_TAG = 64;

/** Tags group nodes; in the fleet one filters by them. */
export function TagsDialog({ node, onClose }: NodeDialogProps) {
  const [text, setText] = useState(() => node.tags.join(", "));
  const change = useNodeChange(node, onClose);
  const tags = readTags(text);
  const problem = tagProblem(tags);
  return (
    <DialogForm
      title="Tags of this node"
      act="Save"
      isReady={problem === null && tags.join("\n") !== node.tags.join("\n")}
      isBusy={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate({ nodeId: node.id, data: { tags } })}
      onClose={onClose}
    >
      <TextInput
        label="Tags"
        description="Separated by commas, such as: production, web"
        data-autofocus
        error={problem}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </DialogForm>
  );
}

export function readTags(text: string): string[] {
  return [...new Set(text.split(",").map((tag) => tag.trim()))].filter(Boolean);
}

export function tagProblem(tags: readonly string[]): string | null {
  if (tags.length > MOST_TAGS) return `A node has ${MOST_TAGS} tags at most.`;
  if (tags.some((tag) => tag.length > LONGEST_TAG)) return `A tag has ${LONGEST_TAG} characters at most.`;
  return null;
}
