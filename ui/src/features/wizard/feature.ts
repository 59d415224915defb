import type { Feature } from "~/app/feature";

export const feature: Feature = {
  pages: [{ path: "/connectors/new", title: "New connector", load: () => import("./WizardPage") }],
};
