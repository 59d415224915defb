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

const LINE_PX = 18.2;
const AROUND_PX = 10;

/** As high as the editor will be, so that nothing below it moves when that comes. Lines that are folded are not known. */
function heightOf({ value, minHeight = 240, maxHeight = Infinity }: CodeEditorProps): number {
  const inside = Math.max(minHeight, value.split("\n").length * LINE_PX + AROUND_PX - 2);
  return Math.min(maxHeight, inside + 2);
}

export function CodeEditor(props: CodeEditorProps) {
  return (
    <Suspense fallback={<Skeleton height={heightOf(props)} />}>
      <Editor {...props} />
    </Suspense>
  );
}
