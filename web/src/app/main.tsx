import "@/shared/theme/styles";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";

// While the session is asked for, the pages that most visits open with are on their way already.
if (location.pathname !== "/sign-in") void import("./shell/shell");
if (["/", "/nodes"].includes(location.pathname)) void import("@/features/fleet/fleet-page");

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root.");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
