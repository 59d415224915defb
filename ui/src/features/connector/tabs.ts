/** The parts of a connector's page. */

import { lazy, type ComponentType } from "react";
import type { Connector } from "~/api/types";

export interface Tab {
  name: string;
  label: string;
  content: ComponentType<{ connector: Connector }>;
  /** For some connectors only. */
  when?: (connector: Connector) => boolean;
}

export const TABS: readonly Tab[] = [
  { name: "overview", label: "Overview", content: lazy(() => import("./overview/Overview")) },
  { name: "configuration", label: "Configuration", content: lazy(() => import("./configuration/Configuration")) },
  { name: "credentials", label: "Credentials", content: lazy(() => import("./credentials/Credentials")) },
  { name: "commands", label: "Commands", content: lazy(() => import("./playground/Commands")) },
  { name: "history", label: "History", content: lazy(() => import("./history/History")) },
  { name: "mocks", label: "Mocks", content: lazy(() => import("./mocks/Mocks")) },
  { name: "script", label: "Script", content: lazy(() => import("~/shared/script/ScriptTab")), when: (connector) => connector.executionModel === "script" },
  { name: "operations", label: "Operations", content: lazy(() => import("./operations/Operations")), when: (connector) => connector.executionModel === "http" },
  { name: "versions", label: "Versions", content: lazy(() => import("./versions/VersionsOfType")) },
];
