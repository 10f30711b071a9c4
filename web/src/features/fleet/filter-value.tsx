import { visibleText } from "@/shared/format/text";
import { NodeText } from "@/shared/text/node-text";
import classes from "./filter-value.module.css";

export type FilterBy = (by: "provider" | "os" | "tag", value: string) => void;

interface FilterValueProps {
  by: "provider" | "os" | "tag";
  value: string | null | undefined;
  /** What is shown in its place. */
  shown?: string | null | undefined;
  /** A shorter form of it, where the whole stands on hover. */
  short?: string | undefined;
  filterBy: FilterBy;
}

/** A value that leads to all nodes that share it. */
export function FilterValue({ by, value, shown, short, filterBy }: FilterValueProps) {
  if (!value) return <NodeText value={short ?? shown} />;
  return (
    <button
      type="button"
      className={classes.value}
      title={visibleText(`${shown ?? value} – show only these`)}
      onClick={() => filterBy(by, value)}
    >
      <NodeText value={short ?? shown ?? value} plain />
    </button>
  );
}
