/** Ways in which commands run, in words. */

const KINDS: Record<string, { word: string; about: string }> = {
  built_in: { word: "Built-in", about: "Runs as Python code that came with the server or an installed package." },
  script: { word: "Script", about: "Runs as JavaScript in a sandbox." },
  openapi: { word: "OpenAPI", about: "Calls a service as its OpenAPI document describes it." },
  http: { word: "HTTP", about: "Calls a service as a list of operations describes it." },
  external: { word: "External", about: "Asks a service of your own that implements the commands." },
  mcp: { word: "MCP", about: "Calls the tools of an MCP server, as they were approved." },
  onprem: { word: "On-premise", about: "Runs in your own network, through an agent." },
};

export function kindWord(model: string): string {
  return KINDS[model]?.word ?? (model || "Not installed");
}

export function kindAbout(model: string): string {
  return KINDS[model]?.about ?? "Its type cannot be used on this server.";
}
