import { IconTicket } from "@tabler/icons-react";
import type { Feature } from "~/app/feature";

export const feature: Feature = {
  pages: [{ path: "/tokens", title: "API tokens", load: () => import("./TokensPage") }],
  navigation: [{ label: "API tokens", path: "/tokens", icon: IconTicket, order: 50 }],
};
