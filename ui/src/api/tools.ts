/** Commands as tools: what a model sees of them, what they cost it, and what it reads of their results. */

import { queryOptions } from "@tanstack/react-query";
import type { Choice } from "~/shared/choice/choice";
import { send } from "./client";
import { withQuery } from "./lists";
import type { components } from "./schema";
import type { Listed } from "./types";

export type Tool = components["schemas"]["Tool"];
export type ToolAnswer = components["schemas"]["ToolAnswer"];
export type ToolProblem = components["schemas"]["ToolProblem"];

export interface Tools {
  tools: Tool[];
  /** Why some that were chosen are missing. */
  problems: ToolProblem[];
}

type Page = Listed<Tool> & { problems?: ToolProblem[] };

const PAGE = 200;

/** All pages of a list of tools; each is asked for only when the one before it was there. */
async function everyPage(read: (page: number) => Promise<Page>): Promise<Tools> {
  const tools: Tool[] = [];
  for (let page = 1; ; page += 1) {
    const { items, total, problems = [] } = await read(page);
    tools.push(...items);
    if (items.length === 0 || tools.length >= (total ?? 0)) return { tools, problems };
  }
}

/** Every tool that there is for whoever is signed in; with a gateway, those that it has. */
export const toolsQuery = (gateway = "") =>
  queryOptions({
    queryKey: ["tools", "all", gateway],
    queryFn: () => everyPage(async (page) => (await send("GET", withQuery("/api/tools", { gateway, page, pageSize: PAGE }))) as Page),
  });

/** The tools of a choice that is kept nowhere. */
export const choiceQuery = (choice: Choice) =>
  queryOptions({
    queryKey: ["tools", "choice", choice],
    queryFn: () => everyPage(async (page) => (await send("POST", "/api/tools", { choice, page, pageSize: PAGE })) as Page),
    placeholderData: (before?: Tools) => before,
    retry: false,
  });

/** What a model reads of the result of a call that was made already. */
export const readByModelQuery = (execution: string) =>
  queryOptions({
    queryKey: ["tools", "result", execution],
    queryFn: async () => (await send("POST", `/api/tools/results/${encodeURIComponent(execution)}`, {})) as ToolAnswer,
    staleTime: Infinity,
  });
