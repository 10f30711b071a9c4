import { getRouteApi } from "@tanstack/react-router";
import { useListNodes } from "@/api/generated/nodes/nodes";
import { toParams } from "./fleet-search";

const route = getRouteApi("/app/nodes");

export function FleetPage() {
  const search = route.useSearch();
  const nodes = useListNodes(toParams(search));
  return <h1>Nodes {nodes.data?.total}</h1>;
}
