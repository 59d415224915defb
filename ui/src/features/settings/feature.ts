import { IconSettings } from "@tabler/icons-react";
import type { Feature } from "~/app/feature";

export const feature: Feature = {
  pages: [{ path: "/settings", title: "Settings", load: () => import("./SettingsPage") }],
  navigation: [{ label: "Settings", path: "/settings", icon: IconSettings, order: 80 }],
};
