import { IconHistory } from "@tabler/icons-react";
import type { Feature, Found } from "~/app/feature";
import { executionPage, executionsQuery } from "~/api/executions";

const FOUND = 8;

export const feature: Feature = {
  pages: [
    { path: "/executions", title: "Calls", load: () => import("./ExecutionsPage") },
    { path: "/executions/$id", title: "Call", load: () => import("./ExecutionPage") },
  ],
  navigation: [{ label: "Calls", path: "/executions", icon: IconHistory, order: 30, key: "e" }],
  find: async (text, queries): Promise<readonly Found[]> => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    const { items } = await queries.fetchQuery(executionsQuery({ pageSize: 200, total: false }));
    return items
      .filter((each) => words.every((word) => `${each.id} ${each.connector} ${each.command} ${each.status}`.toLowerCase().includes(word)))
      .slice(0, FOUND)
      .map((each) => ({
        id: each.id,
        label: `${each.connector} ${each.command}`,
        description: `${each.status.toLowerCase()} ${new Date(each.started).toLocaleString()}`,
        group: "Calls",
        path: executionPage(each.id),
      }));
  },
};
