import type { SeenSshServer, SshMatch } from "@/api/generated/model";
import { StatusMark } from "@/shared/status/status";
import { NodeText } from "@/shared/text/node-text";
import { TabLink } from "./item-link";
import classes from "./section.module.css";

/** What sshd lets in. What opens a door to guessing, or to everybody, has a mark. */
export function SshSummary({ sshd }: { sshd: SeenSshServer }) {
  return (
    <div className={classes.summary}>
      <div className={classes.statement}>
        <strong>sshd</strong>
        {sshd.ports && sshd.ports.length > 0 ? (
          <span>
            port{" "}
            {sshd.ports.map((port) => (
              <TabLink key={port} to={{ tab: "ports", q: String(port) }}>
                {port}
              </TabLink>
            ))}
          </span>
        ) : null}
        <Settings of={sshd} />
        <span className={classes.dim}>
          {sshd.source === "effective" ? "as sshd itself says" : "as its configuration files say"}
        </span>
      </div>
      {sshd.matches?.map((match) => (
        <div key={match.condition} className={classes.statement}>
          <span>
            for <NodeText value={match.condition} mono />
          </span>
          <Settings of={match} />
        </div>
      ))}
    </div>
  );
}

/** What is left as it is everywhere else is not told again. */
function Settings({ of }: { of: Omit<SshMatch, "condition"> }) {
  return (
    <>
      <Setting name="root" value={of.permit_root_login} isOpen={of.permit_root_login === "yes"} />
      <Setting name="passwords" value={of.password_authentication} isOpen={of.password_authentication === "yes"} />
      <Setting name="empty passwords" value={of.permit_empty_passwords} isOpen={of.permit_empty_passwords === "yes"} />
      <Setting name="keyboard-interactive" value={of.keyboard_interactive_authentication} isOpen={false} />
      <Setting name="keys" value={of.pubkey_authentication} isOpen={false} />
    </>
  );
}

function Setting({ name, value, isOpen }: { name: string; value: string | null | undefined; isOpen: boolean }) {
  if (!value) return null;
  return (
    <span className={classes.setting}>
      <span className={classes.dim}>{name}</span>
      {isOpen ? <StatusMark kind="partly-seen" label={value} /> : <NodeText value={value} />}
    </span>
  );
}
