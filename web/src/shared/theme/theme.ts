/** Mantine's side of the look; colours and sizes stand in tokens.css. */

import { createTheme, Drawer, Menu, Modal, Popover, Tooltip } from "@mantine/core";

// Locking the page's scroll and closing transitions work through style elements or delay the keyboard: both are off.
const QUICK = { transitionProps: { duration: 100 } };

export const theme = createTheme({
  primaryColor: "blue",
  defaultRadius: 6,
  fontFamily: "var(--sans)",
  fontFamilyMonospace: "var(--mono)",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Modal: Modal.extend({
      defaultProps: {
        lockScroll: false,
        centered: false,
        yOffset: "10dvh",
        closeButtonProps: { "aria-label": "Close" },
        ...QUICK,
      },
    }),
    Drawer: Drawer.extend({
      defaultProps: { lockScroll: false, closeButtonProps: { "aria-label": "Close" }, ...QUICK },
    }),
    Menu: Menu.extend({ defaultProps: { ...QUICK, offset: 4, withInitialFocusPlaceholder: false } }),
    Popover: Popover.extend({ defaultProps: { ...QUICK, offset: 4 } }),
    Tooltip: Tooltip.extend({ defaultProps: { ...QUICK, openDelay: 300 } }),
  },
});
