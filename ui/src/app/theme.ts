/** Colours and sizes. Mantine's own are below the contrast that WCAG asks for in places, which are set anew here. */

import { createTheme, type CSSVariablesResolver } from "@mantine/core";

export const theme = createTheme({
  primaryColor: "blue",
  primaryShade: { light: 8, dark: 9 },
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, 'DejaVu Sans Mono', monospace",
  defaultRadius: "sm",
  cursorType: "pointer",
  respectReducedMotion: true,
  autoContrast: true,
  components: {
    // A dialog's header is none of the page, of which there may be one only.
    Modal: { defaultProps: { attributes: { header: { role: "presentation" } } } },
    Drawer: { defaultProps: { attributes: { header: { role: "presentation" } } } },
    // Its title would be in the colour of its kind, on a pale ground of the same.
    Alert: { vars: () => ({ root: { "--alert-color": "var(--mantine-color-text)" } }) },
  },
});

export const contrast: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#4b5563",
    "--mantine-color-placeholder": "#5f6772",
    "--mantine-color-error": "#b42318",
    "--mantine-color-anchor": "#1d4ed8",
  },
  dark: {
    "--mantine-color-dimmed": "#aeb4bd",
    "--mantine-color-placeholder": "#a3aab5",
    "--mantine-color-error": "#ff9b94",
    "--mantine-color-anchor": "#8ab4ff",
  },
});
