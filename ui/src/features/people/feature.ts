import { IconUsers } from "@tabler/icons-react";
import type { Feature } from "~/app/feature";

export const feature: Feature = {
  pages: [{ path: "/people", title: "People", load: () => import("./PeoplePage") }],
  navigation: [{ label: "People", path: "/people", icon: IconUsers, order: 60 }],
};
