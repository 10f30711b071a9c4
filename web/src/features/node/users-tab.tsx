/** Who can come in to a node, and how: accounts, their keys, what sshd lets in. */

import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { useListUsers } from "@/api/generated/inventory/inventory";
import type { NodeDetail, SeenSshServer, SeenUser, UserList } from "@/api/generated/model";
import type { Sort } from "@/shared/table/column";
import { NodeText } from "@/shared/text/node-text";
import { FilterChips } from "./filter-chips";
import { ItemLink } from "./item-link";
import classes from "./section.module.css";
import { SectionView, useShow } from "./section-view";
import { SshSummary } from "./ssh-summary";
import { keysWords, USER_COLUMNS } from "./user-columns";
import { UserDetail } from "./user-detail";

const route = getRouteApi("/app/nodes/$nodeId");
const WHO_COMES_IN_FIRST: Sort = { column: "login", descending: false };

const KINDS = {
  login: { label: "can log in", test: (user: SeenUser) => user.can_log_in },
  sudo: { label: "may become root", test: (user: SeenUser) => user.sudo === true || user.uid === 0 },
  keys: { label: "with SSH keys", test: (user: SeenUser) => (user.authorized_keys?.length ?? 0) > 0 },
  password: { label: "with a password", test: (user: SeenUser) => user.password === "set" },
} as const;
type Kind = keyof typeof KINDS;

export function UsersTab({ node }: { node: NodeDetail }) {
  const search = route.useSearch();
  const show = useShow();
  const list = useListUsers<UserList, Error>(node.id);
  const data = useMemo(
    () =>
      list.data && { ...list.data, items: list.data.items.filter((item): item is SeenUser => item.kind === "user") },
    [list.data],
  );
  const sshd = list.data?.items.find((item): item is SeenSshServer => item.kind === "sshd");
  const kind = isKind(search.kind) ? search.kind : undefined;
  const matches = useCallback((user: SeenUser) => kind === undefined || KINDS[kind].test(user), [kind]);
  const users = data?.items ?? [];

  return (
    <SectionView
      node={node}
      section="users"
      list={{ ...list, data }}
      columns={USER_COLUMNS}
      sort={WHO_COMES_IN_FIRST}
      rowKey={(user) => user.key}
      narrow={{ height: 58, row: narrowRow }}
      matches={matches}
      isFiltered={kind !== undefined}
      emptyWords="Accounts appear here with who can log in, who may become root, and their SSH keys."
      summary={sshd ? <SshSummary sshd={sshd} /> : undefined}
      detail={(user) => ({ title: user.name, body: <UserDetail user={user} /> })}
      filters={
        <FilterChips
          label="Who"
          chosen={kind}
          onChoose={(chosen) => show({ kind: chosen })}
          choices={(Object.keys(KINDS) as Kind[]).map((value) => ({
            value,
            label: KINDS[value].label,
            count: users.filter(KINDS[value].test).length,
          }))}
        />
      }
    />
  );
}

function isKind(word: string | undefined): word is Kind {
  return word !== undefined && Object.hasOwn(KINDS, word);
}

function narrowRow(user: SeenUser) {
  const words = [
    user.can_log_in ? "can log in" : "cannot log in",
    user.sudo ? "may become root" : null,
    keysWords(user),
  ];
  return (
    <span className={classes.stack}>
      <span className={classes.line}>
        <ItemLink item={user.key}>
          <NodeText value={user.name} />
        </ItemLink>
        <span className={classes.small}>{user.uid}</span>
      </span>
      <span className={classes.small}>{words.filter(Boolean).join(" · ")}</span>
    </span>
  );
}
