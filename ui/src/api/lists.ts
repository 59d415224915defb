/** Reading what the server has, by address. */

import { send } from "./client";
import type { Listed } from "./types";

export type Query = Record<string, string | number | boolean | readonly string[] | undefined | null>;

/** A path with its query; what is empty is left out, a list is there several times. */
export function withQuery(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === "") continue;
    for (const each of Array.isArray(value) ? value : [value]) search.append(name, String(each));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

export async function read<T>(path: string, query?: Query): Promise<T> {
  return (await send("GET", withQuery(path, query))) as T;
}

const PAGE = 200;

/** A list whole, for those that are some thousand at most. */
export async function readAll<T>(path: string, query: Query = {}): Promise<T[]> {
  const first = await read<Listed<T>>(path, { ...query, page: 1, pageSize: PAGE });
  const pages = Math.ceil((first.total ?? first.items.length) / PAGE);
  const others = await Promise.all(
    Array.from({ length: Math.max(0, pages - 1) }, (_, at) => read<Listed<T>>(path, { ...query, page: at + 2, pageSize: PAGE })),
  );
  return [first, ...others].flatMap((each) => each.items);
}
