import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { IconCheck, IconColumns3 } from "@tabler/icons-react";
import type { Column } from "./column";
import classes from "./column-choice.module.css";

interface ColumnChoiceProps<Row> {
  columns: readonly Column<Row>[];
  shown: ReadonlySet<string>;
  onToggle: (id: string) => void;
}

/** Which columns a table shows. */
export function ColumnChoice<Row>({ columns, shown, onToggle }: ColumnChoiceProps<Row>) {
  return (
    <Menu closeOnItemClick={false} position="bottom-end">
      <Menu.Target>
        <Tooltip label="Columns">
          <ActionIcon variant="default" size={32} aria-label="Choose columns">
            <IconColumns3 size={16} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown className={classes.list}>
        {columns
          .filter((column) => !column.fixed)
          .map((column) => (
            <Menu.Item
              key={column.id}
              role="menuitemcheckbox"
              aria-checked={shown.has(column.id)}
              leftSection={shown.has(column.id) ? <IconCheck size={14} /> : <span className={classes.space} />}
              onClick={() => onToggle(column.id)}
            >
              {column.title}
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}
