/** One trial at a time, which can be cancelled. */

import { useMutation, type UseMutationResult } from "@tanstack/react-query";
import { useRef } from "react";
import type { NewConnector } from "~/api/creating";
import { tryConnector, type Trial, type Tried } from "~/api/trying";

export interface TrialAsked extends Tried {
  connector: NewConnector;
}

export type Trying = UseMutationResult<Trial, unknown, TrialAsked> & { cancel: () => void };

export function useTrying(onTried?: (trial: Trial) => void): Trying {
  const running = useRef<AbortController | null>(null);
  const trial = useMutation<Trial, unknown, TrialAsked>({
    mutationFn: ({ connector, ...asked }) => {
      running.current = new AbortController();
      return tryConnector(connector, asked, running.current.signal);
    },
    onSuccess: (data) => onTried?.(data),
  });
  return {
    ...trial,
    cancel: () => {
      running.current?.abort();
      trial.reset();
    },
  };
}
