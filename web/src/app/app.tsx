import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useState } from "react";
import { theme } from "@/shared/theme/theme";
import { makeQueryClient } from "./query-client";
import { makeRouter } from "./router";

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}

/** The whole dashboard, at the address that the browser shows. `env`: without a layout, transitions would never end. */
export function App({ env = "default" }: { env?: "default" | "test" }) {
  const [{ queries, router }] = useState(() => {
    const client = makeQueryClient(() => void made.invalidate());
    const made = makeRouter(client);
    return { queries: client, router: made };
  });
  return (
    <MantineProvider
      theme={theme}
      env={env}
      defaultColorScheme="auto"
      // The same styles stand in shared/theme: written by Mantine they would be inline style, which the policy forbids.
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
