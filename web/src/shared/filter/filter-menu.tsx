import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useState } from "react";
import { formatCount } from "@/shared/format/numbers";
import { NodeText } from "@/shared/text/node-text";
import classes from "./filter-menu.module.css";

export interface FilterChoice {
  value: string;
  count?: number;
}

interface FilterMenuProps {
  /** What is filtered by: "Provider". */
  label: string;
  choices: readonly FilterChoice[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

/** More choices than this get a field to search them. */
const MANY = 10;

/** A filter that lets through any of the chosen values; without a choice, all. */
export function FilterMenu({ label, choices, chosen, onChange }: FilterMenuProps) {
  const [query, setQuery] = useState("");
  const gone = chosen.filter((value) => !choices.some((choice) => choice.value === value));
  const all = [...choices, ...gone.map((value): FilterChoice => ({ value, count: 0 }))];
  const found = all.filter(({ value }) => value.toLowerCase().includes(query.toLowerCase()));
  // Nothing to choose from and nothing chosen: a filter that could only disappoint.
  if (all.length === 0) return null;
  const toggle = (value: string) =>
    onChange(chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value]);
  return (
    <Menu closeOnItemClick={false} position="bottom-start">
      <Menu.Target>
        <Button
          variant="default"
          size="sm"
          className={classes.button}
          data-active={chosen.length > 0 || undefined}
          rightSection={<IconChevronDown size={14} />}
        >
          {label}
          {chosen.length > 0 ? <span className={classes.chosen}>{summary(chosen)}</span> : null}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={classes.list}>
        {all.length > MANY ? (
          <Menu.Search
            placeholder="Search"
            aria-label={`Search ${label.toLowerCase()}`}
            value={query}
            onChange={(event) => setQuery(event.currentTarget.value)}
          />
        ) : null}
        {found.map(({ value, count }) => (
          <Menu.CheckboxItem
            key={value}
            checked={chosen.includes(value)}
            rightSection={count === undefined ? null : <span className={classes.count}>{formatCount(count)}</span>}
            onChange={() => toggle(value)}
          >
            <NodeText value={value} />
          </Menu.CheckboxItem>
        ))}
        {chosen.length > 0 ? (
          <>
            <Menu.Divider />
            <Menu.Item onClick={() => onChange([])}>Show all</Menu.Item>
          </>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}

function summary(chosen: readonly string[]): string {
  return chosen.length === 1 ? (chosen[0] ?? "").slice(0, 24) : String(chosen.length);
}
