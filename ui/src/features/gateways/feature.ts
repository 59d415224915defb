import { IconRouteAltLeft } from "@tabler/icons-react";
import { gatewayPage, gatewaysQuery } from "~/api/gateways";
import type { Feature } from "~/app/feature";

const MOST = 8;

export const feature: Feature = {
  pages: [
    { path: "/gateways", title: "Gateways", load: () => import("./GatewaysPage") },
    { path: "/gateways/$name", title: "Gateway", load: () => import("./GatewayPage") },
  ],
  navigation: [{ label: "Gateways", path: "/gateways", icon: IconRouteAltLeft, order: 34, key: "g" }],
  find: async (text, queries) => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    const gateways = await queries.ensureQueryData(gatewaysQuery());
    return gateways
      .filter((each) => words.every((word) => `${each.name} ${each.title}`.toLowerCase().includes(word)))
      .slice(0, MOST)
      .map((each) => ({ id: `gateway ${each.id}`, label: each.title || each.name, description: each.name, group: "Gateway", path: gatewayPage(each.name) }));
  },
};
