/** What each container of a node uses now: from the samples of the last minutes, and from those that come live. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Container, ContainerSample, SampleRange } from "@/api/generated/model";
import { getSamples } from "@/api/generated/samples/samples";
import { useLiveBatches } from "@/shared/live/live";

export interface ContainerUse {
  /** Of one core: two busy cores are 200. */
  cpuPercent?: number | undefined;
  memoryBytes?: number | undefined;
  receiveRate?: number | undefined;
  transmitRate?: number | undefined;
  readRate?: number | undefined;
  writeRate?: number | undefined;
}

export type ContainerUses = ReadonlyMap<string, ContainerUse>;

/** The server's metrics and what they are called here (samples/metrics.py). */
const FIELDS: Readonly<Record<string, keyof ContainerUse>> = {
  container_cpu_percent: "cpuPercent",
  container_memory_bytes: "memoryBytes",
  container_receive_bytes_per_second: "receiveRate",
  container_transmit_bytes_per_second: "transmitRate",
  container_read_bytes_per_second: "readRate",
  container_write_bytes_per_second: "writeRate",
};
const RECENT_SECONDS = 180;
const REFRESH_MILLISECONDS = 60_000;
const NONE: ContainerUses = new Map();

export function useContainerUse(nodeId: string): ContainerUses {
  const client = useQueryClient();
  const key = ["container-use", nodeId] as const;
  const uses = useQuery<ContainerUses>({
    queryKey: key,
    queryFn: async ({ signal }) => {
      const now = Math.ceil(Date.now() / 1000);
      return newestUses(await getSamples(nodeId, { from_at: now - RECENT_SECONDS, to_at: now }, { signal }));
    },
    refetchInterval: REFRESH_MILLISECONDS,
  });
  useLiveBatches((batch) => {
    const sample = batch.seen.find((event) => event.node_id === nodeId)?.sample;
    if (sample) client.setQueryData<ContainerUses>(key, usesOf(sample.containers ?? []));
  });
  return uses.data ?? NONE;
}

/** By the name under which the server keeps a container's lines. */
export function newestUses(range: SampleRange): ContainerUses {
  const uses = new Map<string, ContainerUse>();
  for (const series of range.series) {
    const field = FIELDS[series.metric];
    const value = series.avg.at(-1);
    if (field === undefined || value === null || value === undefined || !series.key) continue;
    uses.set(series.key, { ...uses.get(series.key), [field]: value });
  }
  return uses;
}

/** The name of a container's lines: its own, with its id where another of the node has the same. */
export function lineNames(containers: readonly { id: string; name: string }[]): string[] {
  const counts = new Map<string, number>();
  for (const { name } of containers) counts.set(name, (counts.get(name) ?? 0) + 1);
  return containers.map(({ id, name }) =>
    counts.get(name) === 1 ? name : `${name.slice(0, NAME_KEPT)} (${id.slice(0, ID_SHOWN)})`,
  );
}

const NAME_KEPT = 240;
const ID_SHOWN = 12;

export function usesOf(containers: readonly ContainerSample[]): ContainerUses {
  const names = lineNames(containers);
  return new Map(
    containers.map((one, index) => [
      names[index] ?? one.name,
      {
        cpuPercent: one.cpu_percent ?? undefined,
        memoryBytes: one.memory_bytes ?? undefined,
        receiveRate: one.receive_bytes_per_second ?? undefined,
        transmitRate: one.transmit_bytes_per_second ?? undefined,
        readRate: one.read_bytes_per_second ?? undefined,
        writeRate: one.write_bytes_per_second ?? undefined,
      },
    ]),
  );
}

export function findUse(uses: ContainerUses, container: Container): ContainerUse | undefined {
  return (
    uses.get(`${container.name.slice(0, NAME_KEPT)} (${container.key.slice(0, ID_SHOWN)})`) ?? uses.get(container.name)
  );
}
