import { expect, it } from "vitest";
import { reachOf } from "./reach";

it.each([
  ["curl -sfL http://127.0.0.1:8600/install.sh | sh -s nst_install_a", "here"],
  ["curl -sfL http://localhost:8600/install.sh | sh -s nst_install_a", "here"],
  ["curl -sfL http://[::1]:8600/install.sh | sh -s nst_install_a", "here"],
  ["curl -sfL http://10.0.0.4:8600/install.sh | sh -s nst_install_a", "open"],
  ["curl -sfL http://[2001:db8::1]/install.sh | sh -s nst_install_a", "open"],
  ["curl -sfL https://nodes.example.org/install.sh | sh -s nst_install_a", "encrypted"],
])("%s reaches %s", (command, reach) => {
  expect(reachOf(command)).toBe(reach);
});
