/** Where the commands come from: one way for each kind. */

import { lazy, type ComponentType } from "react";
import type { Definition } from "./definition";
import type { Draft } from "./draft";
import type { Kind } from "./kinds";
import type { Change } from "./useDraft";

export interface SourceProps {
  draft: Draft;
  change: Change;
  definition: Definition;
}

const SOURCES: Record<Kind, ComponentType<SourceProps>> = {
  built_in: lazy(() => import("./builtin/TypePicker")),
  script: lazy(() => import("./script/ScriptSource")),
  openapi: lazy(() => import("./openapi/OpenApiSource")),
  http: lazy(() => import("./http/HttpSource")),
};

export function SourceStep(props: SourceProps) {
  const Source = SOURCES[props.draft.kind];
  return <Source {...props} />;
}
