import { Modal, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { keepPreviousData } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useId, useState } from "react";
import { useListNodes } from "@/api/generated/nodes/nodes";
import { StatusMark } from "@/shared/status/status";
import { NodeText } from "@/shared/text/node-text";
import classes from "./switcher-dialog.module.css";

const SHOWN = 8;

/** A search field over a list; arrows choose, Enter goes (WAI-ARIA combobox pattern). */
export function SwitcherDialog({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const list = useId();
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState(0);
  const [asked] = useDebouncedValue(query.trim(), 120);
  const nodes = useListNodes(
    { ...(asked ? { q: asked } : {}), limit: SHOWN },
    { query: { placeholderData: keepPreviousData } },
  );
  const items = nodes.data?.items ?? [];
  const current = Math.min(chosen, Math.max(0, items.length - 1));

  const go = (nodeId: string) => {
    onClose();
    void navigate({ to: "/nodes/$nodeId", params: { nodeId } });
  };
  const onKey = (event: KeyboardEvent) => {
    const node = items[current];
    if (event.key === "ArrowDown") setChosen(Math.min(current + 1, items.length - 1));
    else if (event.key === "ArrowUp") setChosen(Math.max(current - 1, 0));
    else if (event.key === "Enter" && node) go(node.id);
    else return;
    event.preventDefault();
  };

  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      padding={0}
      size={520}
      attributes={{ content: { "aria-label": "Go to a node" } }}
    >
      <TextInput
        data-autofocus
        variant="unstyled"
        size="md"
        className={classes.field}
        leftSection={<IconSearch size={16} />}
        placeholder="Name, host name or address"
        aria-label="Go to a node"
        role="combobox"
        aria-expanded={items.length > 0}
        aria-controls={list}
        aria-activedescendant={items[current] ? `${list}-${current}` : undefined}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={onKey}
      />
      <div id={list} role="listbox" aria-label="Nodes" className={classes.list}>
        {items.map((node, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keyboard and points here.
          <div
            key={node.id}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === current}
            className={classes.option}
            onClick={() => go(node.id)}
            onMouseMove={() => setChosen(index)}
          >
            <StatusMark kind={node.status} quiet />
            <span className={classes.name}>
              <NodeText value={node.name} />
            </span>
            <span className={classes.address}>
              <NodeText value={node.address} mono missing="" />
            </span>
          </div>
        ))}
      </div>
      {nodes.isSuccess && items.length === 0 ? (
        <p className={classes.none}>No node has “{asked}” in its name or address.</p>
      ) : null}
      {nodes.isError ? <p className={classes.none}>The nodes could not be loaded. {nodes.error.message}</p> : null}
    </Modal>
  );
}
