import { Button } from "@mantine/core";
import type { InstallToken } from "@/api/generated/model";
import { RelativeTime } from "@/shared/clock/relative-time";
import { formatExact } from "@/shared/format/time";
import { type StatusKind, StatusMark } from "@/shared/status/status";
import type { Column } from "@/shared/table/column";
import { NodeText } from "@/shared/text/node-text";
import classes from "./token-columns.module.css";

const KINDS: Record<InstallToken["state"], StatusKind> = {
  active: "online",
  "used up": "off",
  expired: "off",
  revoked: "off",
};

type Revoke = ((token: InstallToken) => void) | undefined;

export function tokenColumns(onRevoke: Revoke): Column<InstallToken>[] {
  return [
    {
      id: "state",
      title: "State",
      width: 92,
      grow: 0,
      sortable: true,
      cell: (token) => <StatusMark kind={KINDS[token.state]} label={token.state} />,
      text: (token) => token.state,
    },
    {
      id: "name",
      title: "Name",
      width: 150,
      grow: 2,
      sortable: true,
      cell: (token) => <NodeText value={token.name} missing="unnamed" />,
      text: (token) => token.name,
    },
    {
      id: "prefix",
      title: "Token",
      width: 170,
      cell: (token) => <NodeText value={`${token.prefix}…`} mono />,
      text: (token) => token.prefix,
    },
    {
      id: "uses",
      title: "Used",
      width: 70,
      grow: 0,
      sortable: true,
      cell: (token) => `${token.uses} of ${token.uses_allowed}`,
      text: (token) => `${token.uses} of ${token.uses_allowed}`,
      order: (token) => token.uses,
    },
    {
      id: "expires",
      title: "Expires",
      width: 100,
      sortable: true,
      cell: (token) => <RelativeTime at={token.expires_at} />,
      text: (token) => formatExact(token.expires_at),
      order: (token) => token.expires_at,
    },
    {
      id: "created",
      title: "Made",
      width: 100,
      sortable: true,
      cell: (token) => <RelativeTime at={token.created_at} />,
      text: (token) => formatExact(token.created_at),
      order: (token) => token.created_at,
    },
    {
      id: "by",
      title: "By",
      width: 160,
      sortable: true,
      cell: (token) => <NodeText value={token.created_by} />,
      text: (token) => token.created_by,
    },
    {
      id: "revoke",
      title: "Action",
      width: 76,
      grow: 0,
      align: "end",
      cell: (token) => <RevokeButton token={token} onRevoke={onRevoke} />,
      text: () => "",
    },
  ];
}

export function NarrowToken({ token, onRevoke }: { token: InstallToken; onRevoke: Revoke }) {
  return (
    <div className={classes.narrow}>
      <div className={classes.facts}>
        <span className={classes.line}>
          <StatusMark kind={KINDS[token.state]} label={token.state} />
          <NodeText value={token.name || token.prefix} />
        </span>
        <span className={classes.dim}>
          used {token.uses} of {token.uses_allowed} · expires <RelativeTime at={token.expires_at} />
        </span>
      </div>
      <RevokeButton token={token} onRevoke={onRevoke} />
    </div>
  );
}

function RevokeButton({ token, onRevoke }: { token: InstallToken; onRevoke: Revoke }) {
  if (token.state !== "active" || !onRevoke) return null;
  return (
    <Button variant="subtle" color="red" size="compact-sm" onClick={() => onRevoke(token)}>
      Revoke
    </Button>
  );
}
