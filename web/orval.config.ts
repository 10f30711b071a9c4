import { defineConfig } from "orval";

// The client is made from the server's own description of itself, at every build; it is never committed, so it cannot
// be stale, and never edited.
export default defineConfig({
  nodestral: {
    input: "../contract/openapi.json",
    output: {
      mode: "tags-split",
      target: "src/api/generated/endpoints.ts",
      schemas: "src/api/generated/model",
      client: "react-query",
      httpClient: "fetch",
      clean: true,
      override: {
        mutator: { path: "src/api/request.ts", name: "request" },
        fetch: { includeHttpResponseReturnType: false },
        query: { version: 5, signal: true },
      },
    },
  },
});
