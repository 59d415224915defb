/** Running a command, and giving it up. */

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";
import { execute } from "~/api/connectors";
import { asProblem } from "~/api/problem";
import type { Connector } from "~/api/types";
import type { Values } from "~/shared/form/SchemaForm";
import { askedOptions, type Options, type Run } from "./input";

export function useRun(connector: Connector, command: string, show: (run: Run) => void): { start: (params: Values, options: Options) => void; cancel: () => void } {
  const client = useQueryClient();
  const control = useRef<AbortController | null>(null);
  const shown = useRef(show);
  shown.current = show;
  useEffect(() => () => control.current?.abort(), []);
  const start = useCallback(
    (params: Values, options: Options) => {
      control.current?.abort();
      const mine = new AbortController();
      control.current = mine;
      const since = Date.now();
      shown.current({ state: "running", since });
      // The log comes along: it costs nothing, and is wanted as soon as something fails.
      execute(connector, command, params, { ...askedOptions(options), debug: true }, mine.signal)
        .then(
          (answer): Run => ({ state: "answered", answer, tookMs: Date.now() - since, params }),
          (error: unknown): Run =>
            mine.signal.aborted ? { state: "cancelled", afterMs: Date.now() - since } : { state: "refused", problem: asProblem(error) },
        )
        .then((run) => {
          if (control.current === mine) shown.current(run);
          void client.invalidateQueries({ queryKey: ["executions"] });
        });
    },
    [client, connector, command],
  );
  const cancel = useCallback(() => control.current?.abort(), []);
  return { start, cancel };
}
