/** An editor for code, loaded when the first one is shown. Esc and then Tab leaves it. */

import { Skeleton } from "@mantine/core";
import { lazy, Suspense } from "react";
import type { Mark, Word } from "./Editor";

const Editor = lazy(() => import("./Editor"));

export interface CodeEditorProps {
  /** For screen readers. */
  label: string;
  language: "javascript" | "json" | "yaml";
  value: string;
  onChange?: (value: string) => void;
  onRun?: () => void;
  onSave?: () => void;
  /** Mistakes, at their lines. */
  marks?: readonly Mark[];
  /** What is offered beside the language's own words. */
  words?: readonly Word[];
  minHeight?: number;
  maxHeight?: number;
  readOnly?: boolean;
}

export function CodeEditor(props: CodeEditorProps) {
  return (
    <Suspense fallback={<Skeleton height={props.minHeight ?? 240} />}>
      <Editor {...props} />
    </Suspense>
  );
}
