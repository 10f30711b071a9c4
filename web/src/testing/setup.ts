/** What the browser has and jsdom lacks, as little as the components need. */

import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

afterEach(cleanup);

window.matchMedia = (media: string): MediaQueryList => {
  const list = new EventTarget() as MediaQueryList;
  return Object.assign(list, {
    matches: false,
    media,
    onchange: null,
    addListener: () => {},
    removeListener: () => {},
  });
};
window.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
