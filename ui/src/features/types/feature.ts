import { IconCategory } from "@tabler/icons-react";
import { typePage, typesQuery } from "~/api/catalogue";
import type { Feature } from "~/app/feature";

export const feature: Feature = {
  pages: [
    { path: "/types", title: "Connector types", load: () => import("./TypesPage") },
    { path: "/types/$type", title: "Connector type", load: () => import("./TypePage") },
  ],
  navigation: [{ label: "Connector types", path: "/types", icon: IconCategory, order: 20 }],
  find: async (text, queries) => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    const types = await queries.ensureQueryData(typesQuery());
    return types
      .filter((each) => words.every((word) => `${each.name} ${each.displayName}`.toLowerCase().includes(word)))
      .slice(0, 5)
      .map((each) => ({ id: `type ${each.name}`, label: each.displayName || each.name, group: "Connector type", path: typePage(each.name) }));
  },
};
