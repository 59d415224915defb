/** Settings of common clients for an MCP endpoint, to copy. A token stands in them only where one was just made. */

export type Transport = "http" | "stdio";

export interface Endpoint {
  /** As clients call the server. */
  name: string;
  url: string;
  /** Of the gateway, if it is one's. */
  gateway: string;
  /** Of a token that was just made; empty for its name in the environment. */
  token: string;
}

export interface ClientSettings {
  /** In the address of the page, and of the part that shows it. */
  id: string;
  client: string;
  /** Where the text goes. */
  where: string;
  text: string;
}

const VARIABLE = "JACKFIELD_TOKEN";
const IN_PLACE = " Write the token in place of its name: this file knows no variables.";

export function settingsOf(transport: Transport, endpoint: Endpoint): ClientSettings[] {
  return transport === "http" ? overHttp(endpoint) : overStdio(endpoint);
}

function overHttp({ name, url, token }: Endpoint): ClientSettings[] {
  const bearer = (variable: string) => ({ Authorization: `Bearer ${token || variable}` });
  const servers = (server: unknown) => json({ mcpServers: { [name]: server } });
  const input = `${name}-token`;
  const asks = token ? {} : { inputs: [{ type: "promptString", id: input, description: "Jackfield API token", password: true }] };
  return [
    {
      id: "claude-code",
      client: "Claude Code",
      where: token ? "In a terminal." : "In a terminal. The shell puts the token in.",
      text: `claude mcp add --transport http ${name} ${url} \\\n  --header "Authorization: Bearer ${token || `$${VARIABLE}`}"`,
    },
    {
      id: "claude-desktop",
      client: "Claude Desktop",
      where: `claude_desktop_config.json (Settings, Developer).${token ? "" : IN_PLACE} It starts programs only, so mcp-remote passes everything on; “stdio” does without Node.`,
      text: servers({
        command: "npx",
        args: ["-y", "mcp-remote", url, "--header", "Authorization:${JACKFIELD_AUTH}"],
        env: { JACKFIELD_AUTH: `Bearer ${token || `$${VARIABLE}`}` },
      }),
    },
    { id: "cursor", client: "Cursor", where: "~/.cursor/mcp.json, or .cursor/mcp.json of a project. Keep tokens out of the latter.", text: servers({ url, headers: bearer(`\${env:${VARIABLE}}`) }) },
    {
      id: "vs-code",
      client: "VS Code",
      where: ".vscode/mcp.json, or “MCP: Open User Configuration”.",
      text: json({ ...asks, servers: { [name]: { type: "http", url, headers: bearer(`\${input:${input}}`) } } }),
    },
    { id: "windsurf", client: "Windsurf", where: "~/.codeium/windsurf/mcp_config.json", text: servers({ serverUrl: url, headers: bearer(`\${env:${VARIABLE}}`) }) },
    { id: "other", client: "Other", where: "As most clients read it. How a variable is written differs: look into the client's own guide.", text: servers({ type: "http", url, headers: bearer(`$${VARIABLE}`) }) },
  ];
}

function overStdio({ name, url, gateway, token }: Endpoint): ClientSettings[] {
  const args = ["mcp", ...(gateway ? ["--gateway", gateway] : [])];
  const server = new URL(url).origin;
  const program = (variable: string) => ({ command: "jackfield", args, env: { JACKFIELD_URL: server, [VARIABLE]: token || variable } });
  const servers = (variable: string) => json({ mcpServers: { [name]: program(variable) } });
  const input = `${name}-token`;
  const asks = token ? {} : { inputs: [{ type: "promptString", id: input, description: "Jackfield API token", password: true }] };
  return [
    {
      id: "claude-code",
      client: "Claude Code",
      where: token ? "In a terminal." : "In a terminal. The shell puts the token in.",
      text: `claude mcp add --env JACKFIELD_URL=${server} --env ${VARIABLE}=${token || `$${VARIABLE}`} \\\n  --transport stdio ${name} -- jackfield ${args.join(" ")}`,
    },
    { id: "claude-desktop", client: "Claude Desktop", where: `claude_desktop_config.json (Settings, Developer).${token ? "" : IN_PLACE}`, text: servers(`$${VARIABLE}`) },
    { id: "cursor", client: "Cursor", where: "~/.cursor/mcp.json, or .cursor/mcp.json of a project. Keep tokens out of the latter.", text: servers(`\${env:${VARIABLE}}`) },
    {
      id: "vs-code",
      client: "VS Code",
      where: ".vscode/mcp.json, or “MCP: Open User Configuration”.",
      text: json({ ...asks, servers: { [name]: { type: "stdio", ...program(`\${input:${input}}`) } } }),
    },
    { id: "windsurf", client: "Windsurf", where: "~/.codeium/windsurf/mcp_config.json", text: servers(`\${env:${VARIABLE}}`) },
    { id: "other", client: "Other", where: "As most clients read it; or the line for a terminal, with the variables set: jackfield " + args.join(" "), text: servers(`$${VARIABLE}`) },
  ];
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
