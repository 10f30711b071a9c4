import type { SeenUser } from "@/api/generated/model";
import { RelativeTime } from "@/shared/clock/relative-time";
import { formatExact } from "@/shared/format/time";
import type { Column } from "@/shared/table/column";
import { NodeText } from "@/shared/text/node-text";
import { ItemLink } from "./item-link";
import classes from "./section.module.css";

export const PASSWORD_WORDS = { set: "set", locked: "locked", none: "none: logs in without one" } as const;

export const USER_COLUMNS: Column<SeenUser>[] = [
  {
    id: "name",
    title: "User",
    width: 150,
    sortable: true,
    fixed: true,
    cell: (user) => (
      <ItemLink item={user.key}>
        <NodeText value={user.name} />
      </ItemLink>
    ),
    text: (user) => user.name,
  },
  {
    id: "login",
    title: "Log in",
    width: 100,
    grow: 0,
    sortable: true,
    cell: (user) => (user.can_log_in ? "can log in" : <span className={classes.dim}>cannot</span>),
    text: (user) => (user.can_log_in ? "can log in" : "cannot log in"),
    // Those who can come in first, people before the system's own accounts.
    order: (user) => (user.can_log_in ? 0 : 1e10) + user.uid,
  },
  {
    id: "sudo",
    title: "Root",
    width: 150,
    sortable: true,
    cell: (user) => <NodeText value={rootWords(user)} />,
    text: (user) => rootWords(user),
    order: (user) => (user.uid === 0 || user.sudo ? 0 : user.sudo === false ? 2 : 1),
  },
  {
    id: "password",
    title: "Password",
    width: 100,
    grow: 0,
    sortable: true,
    cell: (user) =>
      user.password ? (
        <span title={PASSWORD_WORDS[user.password]}>{user.password}</span>
      ) : (
        <span className={classes.dim}>not visible</span>
      ),
    text: (user) => user.password ?? "not visible",
  },
  {
    id: "keys",
    title: "SSH keys",
    width: 92,
    grow: 0,
    align: "end",
    sortable: true,
    cell: (user) =>
      user.authorized_keys ? (
        user.authorized_keys.length
      ) : (
        <span className={classes.dim}>{user.can_log_in ? "not visible" : "–"}</span>
      ),
    text: (user) => user.authorized_keys?.map((key) => `${key.type} ${key.fingerprint}`).join(" ") ?? "not visible",
    order: (user) => user.authorized_keys?.length ?? null,
  },
  {
    id: "last",
    title: "Last login",
    width: 100,
    sortable: true,
    descendingFirst: true,
    cell: (user) =>
      user.last_login_at ? <RelativeTime at={user.last_login_at} /> : <span className={classes.dim}>–</span>,
    text: (user) => (user.last_login_at ? formatExact(user.last_login_at) : ""),
    order: (user) => user.last_login_at ?? null,
  },
  {
    id: "shell",
    title: "Shell",
    width: 140,
    sortable: true,
    givesWay: 2,
    cell: (user) => <NodeText value={user.shell} mono />,
    text: (user) => user.shell,
  },
  {
    id: "groups",
    title: "Groups",
    width: 150,
    sortable: true,
    givesWay: 3,
    cell: (user) => <NodeText value={user.groups?.join(", ")} />,
    text: (user) => user.groups?.join(" ") ?? "",
  },
  {
    id: "uid",
    title: "UID",
    width: 64,
    grow: 0,
    align: "end",
    sortable: true,
    givesWay: 1,
    cell: (user) => user.uid,
    text: (user) => String(user.uid),
    order: (user) => user.uid,
  },
  {
    id: "home",
    title: "Home",
    width: 140,
    sortable: true,
    initially: false,
    cell: (user) => <NodeText value={user.home} mono />,
    text: (user) => user.home,
  },
];

/** How somebody becomes root, in words. */
export function rootWords(user: SeenUser): string {
  if (user.uid === 0) return "is root";
  if (user.sudo) return user.sudo_by ? `by ${user.sudo_by}` : "yes";
  return user.sudo === false ? "no" : "not visible";
}

export function keysWords(user: SeenUser): string | null {
  const count = user.authorized_keys?.length;
  if (!count) return null;
  return count === 1 ? "1 SSH key" : `${count} SSH keys`;
}
