import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// While developing, pages come from Vite and everything else from a running server.
const server = process.env.NODESTRAL_SERVER ?? "http://127.0.0.1:8600";
const port = Number(process.env.NODESTRAL_WEB_PORT ?? "5173");

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: {
    port,
    strictPort: true,
    proxy: Object.fromEntries(["/api", "/install.sh", "/docs"].map((path) => [path, { target: server }])),
  },
  build: {
    target: "es2023",
    // Small fonts and pictures stay files of their own: the Content-Security-Policy allows no data: addresses.
    assetsInlineLimit: 0,
    // The preload helper of Vite writes no inline script; the polyfill would be one more file for browsers we leave out.
    modulePreload: { polyfill: false },
    manifest: true,
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testing/setup.ts"],
    restoreMocks: true,
    testTimeout: 60_000,
  },
});
