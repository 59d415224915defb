/** Follows a stream of the server (server-sent events): one connection a page, which comes back by itself. */

import { useEffect, useRef, useState } from "react";

/** `off`: not asked for. `refused`: the server answered no stream, or has ended it for good. */
export type LiveState = "off" | "connecting" | "open" | "reconnecting" | "refused";

export interface LiveOptions<T> {
  /** Address with its filters; `null` follows nothing. */
  path: string | null;
  /** The name of the events. */
  event: string;
  onEvent: (item: T) => void;
  /** The stream has begun, or something was missed: read the list. */
  onGap: (reason: "begun" | "missed") => void;
}

/** A stream that was refused is asked for again after so long: the server may have been starting. */
const RETRY_MS = 5_000;

export function useLive<T>({ path, event, onEvent, onGap }: LiveOptions<T>): { state: LiveState; since: number } {
  const [state, setState] = useState<LiveState>("off");
  const [since, setSince] = useState(() => Date.now());
  const seen = useSeen();
  const listeners = useRef({ onEvent, onGap });
  listeners.current = { onEvent, onGap };
  useEffect(() => {
    if (path === null || !seen) {
      setState("off");
      return;
    }
    let source: EventSource;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let begun = false;
    const moved = (next: LiveState) => {
      setState(next);
      setSince(Date.now());
    };
    const connect = () => {
      source = new EventSource(path);
      source.addEventListener("open", () => {
        moved("open");
        if (!begun) listeners.current.onGap("begun");
        begun = true;
      });
      source.addEventListener(event, (told) => {
        const item = parsed<T>((told as MessageEvent<string>).data);
        if (item !== null) listeners.current.onEvent(item);
      });
      source.addEventListener("gap", () => listeners.current.onGap("missed"));
      source.addEventListener("end", () => {
        source.close();
        moved("refused");
      });
      source.addEventListener("error", () => {
        if (source.readyState !== EventSource.CLOSED) {
          moved("reconnecting"); // the browser tries again, and says what it had last
          return;
        }
        moved(begun ? "reconnecting" : "refused");
        begun = false;
        timer = setTimeout(connect, RETRY_MS);
      });
    };
    moved("connecting");
    connect();
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [path, event, seen]);
  return { state, since };
}

/** Whether the page is in sight. Browsers have six connections to a server for all their tabs, and a hidden one needs none. */
function useSeen(): boolean {
  const [seen, setSeen] = useState(() => document.visibilityState !== "hidden");
  useEffect(() => {
    const changed = () => setSeen(document.visibilityState !== "hidden");
    document.addEventListener("visibilitychange", changed);
    return () => document.removeEventListener("visibilitychange", changed);
  }, []);
  return seen;
}

function parsed<T>(text: string): T | null {
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}
