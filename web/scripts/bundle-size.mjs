// Fails when the first load of the built dashboard is heavier than promised: script and style that a browser fetches
// before the fleet page can be used, compressed as the server sends them. Fonts and what is loaded later are left out.

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT_BYTES = 300 * 1024;
const FIRST_PAGES = ["index.html", "src/app/shell/shell.tsx", "src/features/fleet/fleet-page.tsx"];

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));

function collect(key, files) {
  const chunk = manifest[key];
  if (chunk === undefined) throw new Error(`The build has no ${key}: is the list in scripts/bundle-size.mjs stale?`);
  if (files.has(chunk.file)) return;
  files.add(chunk.file);
  for (const style of chunk.css ?? []) files.add(style);
  for (const next of chunk.imports ?? []) collect(next, files);
}

const files = new Set(["scheme.js"]);
for (const page of FIRST_PAGES) collect(page, files);
const bytes = [...files].reduce(
  (sum, file) => sum + gzipSync(readFileSync(new URL(file, dist)), { level: 6 }).length,
  0,
);
const summary = `first load ${(bytes / 1024).toFixed(1)} KiB gzip of ${LIMIT_BYTES / 1024} KiB, ${files.size} files`;
if (bytes > LIMIT_BYTES) {
  console.error(`web: ${summary}: too heavy`);
  process.exit(1);
}
console.log(`web: ${summary}`);
