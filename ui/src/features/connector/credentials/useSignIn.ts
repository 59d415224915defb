/** Signing in at a service, in a window of its own: opened by the click itself, and watched until it is known how it ended. */

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { credentialsChanged } from "~/api/credentials";
import { asProblem, type Problem } from "~/api/problem";
import { signInStatus, startSignIn, type SignInStatus, type SignInWish } from "~/api/signIns";

const CHANNEL = "jackfield-sign-in";
/** By this name the last page knows that it may close its window. */
const NAME = "jackfield-sign-in";
const SIZE = "popup,width=560,height=760";
const LOOK_MS = 1_000;
const POLL_MS = 2_000;

export type SignIn =
  | { state: "idle" }
  | { state: "starting" }
  /** `gone`: its window is closed, or the browser no longer tells. */
  | { state: "waiting"; id: string; url: string; gone: boolean }
  | { state: "leaving" }
  | { state: "connected"; credential: string }
  | { state: "failed"; reason: string; code: string }
  | { state: "refused"; problem: Problem };

export interface SignInControl {
  now: SignIn;
  wish: SignInWish | null;
  /** Begin; to be called by the click, or the browser opens no window. */
  begin: (wish: SignInWish) => void;
  /** Bring the window up once more. */
  reopen: () => void;
  giveUp: () => void;
}

export function useSignIn(): SignInControl {
  const [now, setNow] = useState<SignIn>({ state: "idle" });
  const [wish, setWish] = useState<SignInWish | null>(null);
  const popup = useRef<Window | null>(null);
  const attempt = useRef(0);
  const client = useQueryClient();
  const ended = useCallback(
    (status: SignInStatus) => {
      if (status.state === "open") return;
      popup.current?.close();
      if (status.state === "connected") {
        setNow({ state: "connected", credential: status.credential ?? "" });
        void credentialsChanged(client);
        return;
      }
      const reason = status.reason || (status.state === "expired" ? "It took too long." : "The service did not say why.");
      setNow({ state: "failed", reason, code: status.code });
    },
    [client],
  );
  useWatch(now, setNow, popup, ended);
  const begin = useCallback((next: SignInWish) => {
    const mine = ++attempt.current;
    const opened = window.open("about:blank", NAME, SIZE);
    if (opened) dress(opened);
    popup.current = opened;
    setWish(next);
    setNow({ state: "starting" });
    startSignIn({ ...next, returnTo: window.location.pathname + window.location.search }).then(
      (started) => {
        if (mine !== attempt.current) return opened?.close();
        if (opened === null) {
          // No window: this page goes itself, and is come back to.
          setNow({ state: "leaving" });
          return window.location.assign(started.authorizationUrl);
        }
        if (!opened.closed) opened.location.replace(started.authorizationUrl);
        setNow({ state: "waiting", id: started.id, url: started.authorizationUrl, gone: opened.closed });
      },
      (error: unknown) => {
        opened?.close();
        if (mine === attempt.current) setNow({ state: "refused", problem: asProblem(error) });
      },
    );
  }, []);
  const reopen = () => {
    if (now.state !== "waiting") return;
    if (popup.current && !popup.current.closed) return popup.current.focus();
    if (wish) begin(wish); // each sign-in has one way through the service
  };
  const giveUp = () => {
    attempt.current += 1;
    popup.current?.close();
    popup.current = null;
    setNow({ state: "idle" });
  };
  useEffect(() => () => popup.current?.close(), []);
  return { now, wish, begin, reopen, giveUp };
}

/** What the window shows until the service answers; and it is cut off from this page, which it must not lead elsewhere. */
function dress(opened: Window): void {
  try {
    opened.opener = null;
    opened.document.title = "Connect an account";
    opened.document.body.textContent = "On the way to the sign-in…";
  } catch {
    /* It is the window of an attempt before, and still at the service; it was cut off then. */
  }
}

/** Listen and ask until it has ended. Windows of services may be cut off from this page, so asking has to be enough. */
function useWatch(now: SignIn, setNow: (next: SignIn) => void, popup: React.RefObject<Window | null>, ended: (status: SignInStatus) => void): void {
  const waiting = now.state === "waiting" ? now.id : "";
  const latest = useRef(now);
  latest.current = now;
  useEffect(() => {
    if (!waiting) return;
    const control = new AbortController();
    const ask = () => signInStatus(waiting, control.signal).then(ended, () => {}); // asked again soon
    const look = async () => {
      if (latest.current.state !== "waiting" || latest.current.gone || !popup.current?.closed) return;
      await ask(); // a window that has done its work is closed, too
      const is = latest.current;
      if (is.state === "waiting" && is.id === waiting) setNow({ ...is, gone: true });
    };
    const told = (event: MessageEvent) => {
      if (event.origin === window.location.origin && (event.data as { signIn?: unknown } | null)?.signIn === waiting) void ask();
    };
    const channel = new BroadcastChannel(CHANNEL);
    channel.addEventListener("message", told);
    window.addEventListener("message", told);
    window.addEventListener("focus", ask);
    const timers = [setInterval(ask, POLL_MS), setInterval(() => void look(), LOOK_MS)];
    return () => {
      control.abort();
      channel.close();
      window.removeEventListener("message", told);
      window.removeEventListener("focus", ask);
      timers.forEach(clearInterval);
    };
  }, [waiting, ended]);
}
