// Chooses light or dark before the first paint, so that a dark page never flashes white. A file of its own because the
// Content-Security-Policy allows no inline script. The key is Mantine's.
(() => {
  let choice = "auto";
  try {
    choice = localStorage.getItem("mantine-color-scheme-value") ?? "auto";
  } catch {
    // Storage may be forbidden: then the system decides.
  }
  if (choice !== "light" && choice !== "dark") {
    choice = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
  document.documentElement.setAttribute("data-mantine-color-scheme", choice);
})();
