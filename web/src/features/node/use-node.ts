/** The node of the page, kept fresh by the events about it. */

import { useQueryClient } from "@tanstack/react-query";
import {
  getListCertificatesQueryKey,
  getListCloudQueryKey,
  getListContainersQueryKey,
  getListFirewallQueryKey,
  getListMonitoringQueryKey,
  getListPackagesQueryKey,
  getListPortsQueryKey,
  getListServicesQueryKey,
  getListSystemQueryKey,
  getListUpdatesQueryKey,
  getListUsersQueryKey,
} from "@/api/generated/inventory/inventory";
import type { NodeDetail } from "@/api/generated/model";
import { getGetNodeQueryKey, useGetNode } from "@/api/generated/nodes/nodes";
import { useLiveBatches, useLiveNode, useLiveReturn } from "@/shared/live/live";
import type { LiveBatch } from "@/shared/live/merge";

const SECTION_KEYS: Readonly<Record<string, (nodeId: string) => readonly unknown[]>> = {
  system: getListSystemQueryKey,
  services: getListServicesQueryKey,
  ports: getListPortsQueryKey,
  containers: getListContainersQueryKey,
  certificates: getListCertificatesQueryKey,
  packages: getListPackagesQueryKey,
  updates: getListUpdatesQueryKey,
  firewall: getListFirewallQueryKey,
  users: getListUsersQueryKey,
  cloud: getListCloudQueryKey,
  monitoring: getListMonitoringQueryKey,
};

export function useNode(nodeId: string) {
  const client = useQueryClient();
  const node = useGetNode<NodeDetail, Error>(nodeId);
  useLiveNode(nodeId);
  useLiveBatches((batch) => {
    client.setQueryData<NodeDetail>(getGetNodeQueryKey(nodeId), (old) => old && withEvents(old, batch));
    const sections = batch.inventory.find((event) => event.node_id === nodeId)?.sections ?? [];
    const isChanged = batch.fleet.some((event) => event.node_id === nodeId);
    if (sections.length > 0 || isChanged) void client.invalidateQueries({ queryKey: getGetNodeQueryKey(nodeId) });
    for (const section of sections) {
      const key = SECTION_KEYS[section]?.(nodeId);
      if (key) void client.invalidateQueries({ queryKey: key });
    }
  });
  useLiveReturn(() => {
    // A request that is on its way is not asked again.
    const options = { cancelRefetch: false };
    void client.invalidateQueries({ queryKey: getGetNodeQueryKey(nodeId) }, options);
    for (const key of Object.values(SECTION_KEYS)) void client.invalidateQueries({ queryKey: key(nodeId) }, options);
  });
  return node;
}

/** The node after the events of a batch; the same object when none is about it. */
export function withEvents(node: NodeDetail, batch: LiveBatch): NodeDetail {
  const seen = batch.seen.find((event) => event.node_id === node.id);
  const status = batch.status.find((event) => event.node_id === node.id);
  if (!seen && !status) return node;
  return {
    ...node,
    last_seen_at: seen ? Math.max(seen.seen_at, node.last_seen_at ?? 0) : node.last_seen_at,
    latest: seen?.latest ?? node.latest,
    status: status && status.at >= (seen?.seen_at ?? 0) ? status.status : seen ? "online" : node.status,
  };
}
