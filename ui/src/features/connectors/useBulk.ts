/** Doing one thing to many connectors, some at a time, with a way to stop. */

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { keepTest, switchConnector, testConnector } from "~/api/connectorChanges";
import { asProblem } from "~/api/problem";
import type { Row } from "./listing";

const AT_ONCE = 4;

export type Deed = "test" | "enable" | "disable";

export interface Bulk {
  deed: Deed;
  total: number;
  done: number;
  /** Those that went well. */
  good: number;
  /** What went wrong, by connector. */
  failures: readonly { id: string; message: string }[];
  running: boolean;
}

export function useBulk(): {
  bulk: Bulk | null;
  testing: ReadonlySet<string>;
  start: (deed: Deed, rows: readonly Row[]) => void;
  stop: () => void;
  forget: () => void;
} {
  const client = useQueryClient();
  const [bulk, setBulk] = useState<Bulk | null>(null);
  const [testing, setTesting] = useState<ReadonlySet<string>>(new Set());
  const control = useRef<AbortController | null>(null);
  useEffect(() => () => control.current?.abort(), []);
  const start = useCallback(
    (deed: Deed, rows: readonly Row[]) => {
      control.current?.abort();
      const mine = new AbortController();
      control.current = mine;
      setBulk({ deed, total: rows.length, done: 0, good: 0, failures: [], running: true });
      const left = [...rows];
      const worker = async () => {
        for (let row = left.shift(); row && !mine.signal.aborted; row = left.shift()) {
          const { id, connector } = row;
          setTesting((before) => (deed === "test" ? new Set(before).add(id) : before));
          let failure: string | null;
          try {
            failure = null;
            if (deed === "test") {
              const test = await testConnector(connector, mine.signal);
              keepTest(client, connector, test);
              if (!test.success) failure = test.error ?? test.code ?? "The test failed";
            } else await switchConnector(connector, deed === "enable");
          } catch (error) {
            if (mine.signal.aborted) break;
            failure = asProblem(error).message;
          } finally {
            setTesting((before) => new Set([...before].filter((each) => each !== id)));
          }
          setBulk(
            (before) =>
              before && {
                ...before,
                done: before.done + 1,
                good: before.good + (failure === null ? 1 : 0),
                failures: failure === null ? before.failures : [...before.failures, { id, message: failure }],
              },
          );
        }
      };
      void Promise.all(Array.from({ length: Math.min(AT_ONCE, rows.length) }, worker)).then(() => {
        if (control.current !== mine) return;
        setBulk((before) => before && { ...before, running: false });
        void client.invalidateQueries({ queryKey: ["connectors"] });
      });
    },
    [client],
  );
  const stop = useCallback(() => control.current?.abort(), []);
  const forget = useCallback(() => setBulk(null), []);
  return { bulk, testing, start, stop, forget };
}
