/** A page that failed while it was drawn; the others still work. */

import type { ErrorComponentProps } from "@tanstack/react-router";
import { asProblem } from "~/api/problem";
import { Failed } from "./Failed";

export function PageCrash({ error, reset }: ErrorComponentProps) {
  return <Failed title="This page could not be shown" problem={asProblem(error)} retry={reset} />;
}
