/** How answers are kept. What the server refused is not asked again; what it could not answer is, twice. */

import { QueryClient } from "@tanstack/react-query";
import { asProblem } from "~/api/problem";

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) => {
        const { status } = asProblem(error);
        return count < 2 && (status === 0 || status >= 500);
      },
      retryDelay: (count) => 400 * 2 ** count,
      networkMode: "always",
    },
    mutations: { networkMode: "always", retry: false },
  },
});
