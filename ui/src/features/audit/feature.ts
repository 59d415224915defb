import { IconListDetails } from "@tabler/icons-react";
import type { Feature } from "~/app/feature";

export const feature: Feature = {
  pages: [{ path: "/audit", title: "Audit", load: () => import("./AuditPage") }],
  navigation: [{ label: "Audit", path: "/audit", icon: IconListDetails, order: 70, key: "a" }],
};
