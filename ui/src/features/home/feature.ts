import { IconHome } from "@tabler/icons-react";
import type { Feature } from "~/app/feature";

export const feature: Feature = {
  pages: [{ path: "/", title: "Home", load: () => import("./HomePage") }],
  navigation: [{ label: "Home", path: "/", icon: IconHome, order: 0, key: "h" }],
};
