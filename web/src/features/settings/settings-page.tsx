import { Link, Outlet } from "@tanstack/react-router";
import classes from "./settings-page.module.css";

const SECTIONS = [
  { to: "/settings/install-tokens", label: "Install tokens" },
  { to: "/settings/appearance", label: "Appearance" },
] as const;

export function SettingsPage() {
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>Settings</h1>
      <nav className={classes.tabs} aria-label="Settings">
        {SECTIONS.map(({ to, label }) => (
          <Link key={to} to={to} className={classes.tab} activeProps={{ "data-active": true }}>
            {label}
          </Link>
        ))}
      </nav>
      <Outlet />
    </div>
  );
}
