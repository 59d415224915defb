/** The addresses. Everything that makes a view what it is stands in the address, as plain text. */

import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { NotFound } from "~/shared/state/NotFound";
import { PageCrash } from "~/shared/state/PageCrash";
import { PagePending } from "~/shared/state/Loading";
import { features } from "./feature";
import { queries } from "./queries";
import { Shell } from "./Shell";

const root = createRootRoute({ component: Shell, notFoundComponent: () => <NotFound />, errorComponent: PageCrash });

const pages = features.flatMap((feature) =>
  feature.pages.map((page) =>
    createRoute({
      getParentRoute: () => root,
      path: page.path,
      component: lazyRouteComponent(() => {
        page.ahead?.(queries);
        return page.load();
      }),
      staticData: { title: page.title },
    }),
  ),
);

function parse(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

function write(search: Record<string, unknown>): string {
  const kept = Object.entries(search).filter(([, value]) => value !== undefined && value !== "" && value !== null);
  const text = new URLSearchParams(kept.map(([name, value]) => [name, String(value)])).toString();
  return text && `?${text}`;
}

export const router = createRouter({
  routeTree: root.addChildren(pages),
  basepath: "/ui",
  parseSearch: parse,
  stringifySearch: write,
  defaultPendingComponent: PagePending,
  defaultPendingMs: 150,
  defaultErrorComponent: PageCrash,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface StaticDataRouteOption {
    title?: string;
  }
}
