import { ActionIcon } from "@mantine/core";
import { IconLayoutGrid, IconTable } from "@tabler/icons-react";

interface ViewSwitchProps {
  asGrid: boolean;
  onChange: (asGrid: boolean) => void;
}

/** Rows to compare, or cards to glance at. */
export function ViewSwitch({ asGrid, onChange }: ViewSwitchProps) {
  const label = asGrid ? "Show as a table" : "Show as a grid";
  return (
    <ActionIcon variant="default" size={32} aria-label={label} title={label} onClick={() => onChange(!asGrid)}>
      {asGrid ? <IconTable size={16} /> : <IconLayoutGrid size={16} />}
    </ActionIcon>
  );
}
