import { IconPlugConnected } from "@tabler/icons-react";
import type { Feature } from "~/app/feature";
import { typesQuery } from "~/api/catalogue";
import { connectorsQuery, pageOf } from "~/api/connectors";

const MOST = 8;

export const feature: Feature = {
  pages: [
    {
      path: "/connectors",
      title: "Connectors",
      load: () => import("./ConnectorsPage"),
      ahead: (queries) => void Promise.all([queries.prefetchQuery(connectorsQuery()), queries.prefetchQuery(typesQuery())]),
    },
  ],
  navigation: [{ label: "Connectors", path: "/connectors", icon: IconPlugConnected, order: 10, key: "c" }],
  find: async (text, queries) => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    const [connectors, types] = await Promise.all([queries.ensureQueryData(connectorsQuery()), queries.ensureQueryData(typesQuery())]);
    const commands = new Map(types.map((each) => [each.name, each.commands]));
    const fits = (target: string) => words.every((word) => target.toLowerCase().includes(word));
    const named = connectors.filter((each) => fits(`${each.namespace}/${each.name} ${each.displayName}`)).slice(0, MOST);
    const commanded = connectors
      .flatMap((each) => (commands.get(each.type) ?? []).map((command) => ({ each, command })))
      .filter(({ each, command }) => fits(`${each.name} ${command}`) && words.some((word) => command.toLowerCase().includes(word)));
    return [
      ...named.map((each) => ({
        id: `connector ${each.namespace}/${each.name}`,
        label: each.displayName || each.name,
        description: `${each.namespace}/${each.name}`,
        group: "Connector",
        path: pageOf(each),
      })),
      ...commanded.slice(0, MOST).map(({ each, command }) => ({
        id: `command ${each.namespace}/${each.name} ${command}`,
        label: command,
        description: `${each.namespace}/${each.name}`,
        group: "Command",
        path: `${pageOf(each)}?tab=commands&command=${encodeURIComponent(command)}`,
      })),
    ];
  },
};
