import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { type NodeSearch, readNodeSearch } from "./node-search";
import classes from "./section.module.css";

const route = getRouteApi("/app/nodes/$nodeId");

/** The name of an item in its own table: opens its details, by mouse and by keyboard. */
export function ItemLink({ item, children }: { item: string; children: ReactNode }) {
  const { nodeId } = route.useParams();
  return (
    <Link
      className={classes.item}
      to="/nodes/$nodeId"
      params={{ nodeId }}
      search={(old: NodeSearch) => readNodeSearch({ ...old, item })}
      resetScroll={false}
    >
      {children}
    </Link>
  );
}

/** To an item, or to some of them, in another table of this node. */
export function TabLink({ to, children }: { to: NodeSearch; children: ReactNode }) {
  const { nodeId } = route.useParams();
  return (
    <Link className={classes.way} to="/nodes/$nodeId" params={{ nodeId }} search={readNodeSearch({ ...to })}>
      {children}
    </Link>
  );
}
