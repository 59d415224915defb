import { IconKey } from "@tabler/icons-react";
import type { Feature } from "~/app/feature";

export const feature: Feature = {
  pages: [{ path: "/secrets", title: "Secrets", load: () => import("./SecretsPage") }],
  navigation: [{ label: "Secrets", path: "/secrets", icon: IconKey, order: 40, key: "s" }],
};
