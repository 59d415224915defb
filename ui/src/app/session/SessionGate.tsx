/** Shows the pages to whoever is signed in. A session that ends is renewed above the page, so that nothing typed is lost. */

import { Center, Loader } from "@mantine/core";
import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from "react";
import { asProblem } from "~/api/problem";
import { Failed } from "~/shared/state/Failed";
import { SessionContext, useSessionQuery, type Session } from "./session";

const SignIn = lazy(() => import("./SignIn"));
const SignInAgain = lazy(() => import("./SignInAgain"));

export function SessionGate({ children }: { children: ReactNode }) {
  const { data, error, isPending, refetch } = useSessionQuery();
  const last = useRef<Session | null>(null);
  if (data) last.current = data;
  const known = data ?? last.current;
  if (known === null) {
    if (isPending) return <Waiting />;
    if (error) return <Failed problem={asProblem(error)} retry={() => void refetch()} />;
    return (
      <Suspense fallback={<Waiting />}>
        <SignIn />
      </Suspense>
    );
  }
  return (
    <SessionContext value={known}>
      {children}
      {data === null && (
        <Suspense>
          <SignInAgain />
        </Suspense>
      )}
    </SessionContext>
  );
}

/** The bar that the page began with (`boot.css`), and a loader only for those who would see it turn. */
function Waiting() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return (
    <>
      <div className="boot">
        <span />
        Jackfield
      </div>
      <Center h="calc(100dvh - 60px)">{late && <Loader aria-label="Loading" />}</Center>
    </>
  );
}
