/** All that is known of one package, with what of this node runs from it. */

import { useListPorts, useListServices } from "@/api/generated/inventory/inventory";
import type { NodeDetail, PortList, ServiceList } from "@/api/generated/model";
import { formatBytes } from "@/shared/format/numbers";
import { PortLinks, ServiceLinks } from "./cross-links";
import { Fact, Facts, LongText, TextFact, TimeFact } from "./facts";
import { TabLink } from "./item-link";
import { type PackageRow, UpdateMark } from "./package-columns";

export function PackageDetail({ node, row }: { node: NodeDetail; row: PackageRow }) {
  const { installed, update } = row;
  const services = useListServices<ServiceList, Error>(node.id).data?.items ?? [];
  const ports = useListPorts<PortList, Error>(node.id).data?.items ?? [];
  const itsServices = services.filter((service) => service.package === installed.name);
  const itsPorts = ports.filter((port) => port.package === installed.name);
  return (
    <>
      <Facts>
        <TextFact term="Version" value={installed.version} mono />
        <Fact term="Update">
          {update ? (
            <>
              <UpdateMark update={update} />{" "}
              <TabLink to={{ tab: "updates", item: update.key }}>
                <LongText value={update.candidate_version} mono />
              </TabLink>
            </>
          ) : null}
        </Fact>
        {installed.held ? <Fact term="Held">yes: it stays at this version</Fact> : null}
        <TextFact term="Source" value={installed.source} />
        <TextFact term="Manager" value={installed.manager} />
        <TextFact term="For" value={installed.architecture} />
        <Fact term="Size">{installed.size_bytes == null ? null : formatBytes(installed.size_bytes)}</Fact>
        <TimeFact term="So since" at={installed.seen_from} />
      </Facts>
      {itsServices.length + itsPorts.length > 0 ? (
        <Facts title="What runs from it">
          <ServiceLinks term="Services" services={itsServices} />
          <PortLinks ports={itsPorts} />
        </Facts>
      ) : null}
    </>
  );
}
