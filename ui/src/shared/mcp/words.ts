/** Why a step of a check failed, and what to do, in words for people. */

import { asProblem, Problem } from "~/api/problem";
import { NoTools, ToolFailed } from "./checking";
import { McpFault } from "./rpc";

export interface Told {
  title: string;
  about: string;
}

export function failureWords(error: unknown): Told {
  if (error instanceof NoTools) {
    return { title: "The server answers, and has no tool", about: "No command is offered to models here. Add a connector, or choose other commands." };
  }
  if (error instanceof ToolFailed) {
    const lacks = error.message.includes("scope-missing");
    return { title: lacks ? "The token may see tools, and not call them" : "The tool answered that it failed", about: error.message };
  }
  if (error instanceof McpFault) return faultWords(error);
  if (error instanceof DOMException && error.name === "AbortError") return { title: "Stopped", about: "You stopped the check here." };
  const problem = asProblem(error);
  return { title: problem.message, about: problem.hint };
}

function faultWords(fault: McpFault): Told {
  switch (fault.kind) {
    case "refused":
      return refusalWords(fault.problem as Problem);
    case "unreached":
      return { title: "The server does not answer", about: "It stopped, or something between it and this page did." };
    case "rpc":
      return { title: "The server refused what the client asked", about: fault.message };
    case "nonsense":
      return { title: "What came back is no MCP", about: `${fault.message}. A proxy before the server may have answered in its place.` };
  }
}

function refusalWords(problem: Problem): Told {
  const said = [problem.message, problem.hint].filter(Boolean).map(sentence).join(" ");
  if (problem.code === "host-refused") return { title: "The server does not take this address for its own", about: said };
  if (problem.code === "csrf-refused") return { title: "The server takes this page for another site's", about: `${said} A proxy has to pass on the header Host as it is.` };
  if (problem.code === "gateway-disabled") return { title: "This gateway is disabled", about: "Enable it, then check again." };
  if (problem.code === "scope-missing") return { title: "The token lacks a scope", about: said };
  switch (problem.status) {
    case 401:
      return { title: "The token was refused (401)", about: said };
    case 403:
      return { title: "The token may not do this (403)", about: said };
    case 404:
      return { title: "There is no endpoint at this address (404)", about: said };
    case 429:
      return { title: "Too many sessions are open (429)", about: said };
    default:
      return { title: `The server answered with status ${problem.status}`, about: said };
  }
}

/** With a capital and a full stop, which messages of the server do not have. */
function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}
