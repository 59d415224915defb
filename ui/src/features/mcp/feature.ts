import { IconRobot } from "@tabler/icons-react";
import type { Feature, Found } from "~/app/feature";

const PARTS: readonly (Found & { words: string })[] = [
  { id: "mcp connect", label: "Connect an MCP client", group: "MCP", path: "/mcp", words: "mcp connect client settings endpoint claude cursor windsurf vs code token" },
  { id: "mcp tools", label: "Tools that models get", group: "MCP", path: "/mcp?tab=tools", words: "mcp tools models budget tokens choose" },
  { id: "mcp check", label: "Check the MCP endpoint", group: "MCP", path: "/mcp?tab=check", words: "mcp check live test endpoint" },
];

export const feature: Feature = {
  pages: [{ path: "/mcp", title: "MCP", load: () => import("./McpPage") }],
  navigation: [{ label: "MCP", path: "/mcp", icon: IconRobot, order: 32, key: "m" }],
  find: (text) => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (each: string) => words.every((word) => each.includes(word));
    return Promise.resolve(words.length === 0 ? [] : PARTS.filter((each) => fits(each.words)).map(({ words: _, ...each }) => each));
  },
};
