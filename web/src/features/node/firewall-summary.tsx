import type { SeenFirewallBackend } from "@/api/generated/model";
import { StatusMark } from "@/shared/status/status";
import { NodeText } from "@/shared/text/node-text";
import classes from "./firewall.module.css";
import { type FirewallView, isBase } from "./firewall-rows";
import section from "./section.module.css";

/** Which firewall decides, and what becomes of a packet that no rule speaks about. */
export function FirewallSummary({ view }: { view: FirewallView }) {
  const { backends, chains } = view;
  const deciding = new Set(backends.filter((backend) => backend.decides).map((backend) => backend.name));
  const policies = chains.filter((row) => isBase(row) && row.chain.policy && deciding.has(row.chain.backend));
  return (
    <ul className={section.summary}>
      {backends.map((backend) => (
        <li key={backend.key} className={section.statement}>
          <strong>
            <NodeText value={backend.name} />
          </strong>
          <StatusMark kind={backend.decides ? "online" : "off"} label={wordsOf(backend)} />
          {backend.version ? (
            <span className={section.dim}>
              version <NodeText value={backend.version} mono />
            </span>
          ) : null}
        </li>
      ))}
      {policies.length > 0 ? (
        <li className={section.statement}>
          <span className={section.dim}>What no rule speaks about:</span>
          {policies.map((row) => (
            <span key={row.key} className={classes.default}>
              <NodeText value={`${row.chain.hook ?? row.chain.name} (${row.chain.family})`} />{" "}
              <strong>
                <NodeText value={row.chain.policy} />
              </strong>
            </span>
          ))}
        </li>
      ) : null}
    </ul>
  );
}

function wordsOf(backend: SeenFirewallBackend): string {
  if (backend.decides) return "decides";
  if (backend.decides == null && backend.active) return "active; whether it decides is not visible";
  if (backend.active == null) return "whether it is active is not visible";
  return backend.active ? "active, but its rules do not decide" : "not active";
}
