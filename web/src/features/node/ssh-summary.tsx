import type { SeenSshServer } from "@/api/generated/model";
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
        <Setting name="root" value={sshd.permit_root_login} isOpen={sshd.permit_root_login === "yes"} />
        <Setting
          name="passwords"
          value={sshd.password_authentication}
          isOpen={sshd.password_authentication === "yes"}
        />
        <Setting
          name="empty passwords"
          value={sshd.permit_empty_passwords}
          isOpen={sshd.permit_empty_passwords === "yes"}
        />
        <Setting name="keyboard-interactive" value={sshd.keyboard_interactive_authentication} isOpen={false} />
        <Setting name="keys" value={sshd.pubkey_authentication} isOpen={false} />
        <span className={classes.dim}>
          {sshd.source === "effective" ? "as sshd itself says" : "as its configuration files say"}
        </span>
      </div>
    </div>
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
