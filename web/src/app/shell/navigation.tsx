import { Tooltip } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import {
  IconLayoutSidebarLeftCollapse,
  IconLayoutSidebarLeftExpand,
  IconServer2,
  IconSettings,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { Logo } from "@/shared/logo/logo";
import classes from "./navigation.module.css";

const PLACES = [
  { to: "/nodes", label: "Nodes", icon: IconServer2 },
  { to: "/settings", label: "Settings", icon: IconSettings },
] as const;

/** The side bar: what exists and nothing else. It folds to icons by choice or for want of room; a phone has it below. */
export function Navigation() {
  const [folded, setFolded] = useLocalStorage({
    key: "nodestral.folded",
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const Fold = folded ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse;
  const foldLabel = folded ? "Unfold the side bar" : "Fold the side bar";
  return (
    <nav className={classes.bar} data-folded={folded || undefined} aria-label="Main">
      <Link to="/nodes" className={classes.logo} aria-label="Nodestral">
        <Logo compact={folded} />
      </Link>
      <ul className={classes.places}>
        {PLACES.map(({ to, label, icon: Icon }) => (
          <li key={to}>
            <Tooltip label={label} position="right" disabled={!folded}>
              <Link to={to} className={classes.place} activeProps={{ "data-active": true }}>
                <Icon size={18} stroke={1.7} aria-hidden="true" />
                <span className={classes.label}>{label}</span>
              </Link>
            </Tooltip>
          </li>
        ))}
      </ul>
      <button
        type="button"
        className={classes.fold}
        aria-label={foldLabel}
        title={foldLabel}
        onClick={() => setFolded(!folded)}
      >
        <Fold size={18} stroke={1.7} />
      </button>
    </nav>
  );
}
