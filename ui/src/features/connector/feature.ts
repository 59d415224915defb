import type { Feature } from "~/app/feature";

export const feature: Feature = {
  pages: [{ path: "/connectors/$namespace/$name", title: "Connector", load: () => import("./ConnectorPage") }],
};
