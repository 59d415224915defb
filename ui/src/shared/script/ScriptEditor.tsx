/** The editor of a connector's script: its words, and the server's complaints at their lines. */

import { useMemo } from "react";
import type { Fault } from "~/api/problem";
import { CodeEditor } from "~/shared/code/CodeEditor";
import { wordsOf } from "./words";

export interface ScriptEditorProps {
  value: string;
  onChange: (value: string) => void;
  /** Names of the connection's fields. */
  fields?: readonly string[];
  /** Names of all params. */
  params?: readonly string[];
  faults?: readonly Fault[];
  /** Ctrl+Enter. */
  onRun?: () => void;
  /** Ctrl+S. */
  onSave?: () => void;
  readOnly?: boolean;
}

export function ScriptEditor({ value, onChange, fields = [], params = [], faults = [], onRun, onSave, readOnly }: ScriptEditorProps) {
  const [ofFields, ofParams] = [fields.join(" "), params.join(" ")];
  const words = useMemo(() => wordsOf(split(ofFields), split(ofParams)), [ofFields, ofParams]);
  const marks = useMemo(
    () => faults.flatMap(({ line, column, message }) => (line ? [{ line, message, ...(column ? { column } : {}) }] : [])),
    [faults],
  );
  return (
    <CodeEditor
      label="Script"
      language="javascript"
      value={value}
      onChange={onChange}
      words={words}
      marks={marks}
      onRun={onRun}
      onSave={onSave}
      readOnly={readOnly}
      minHeight={320}
      maxHeight={620}
    />
  );
}

function split(text: string): string[] {
  return text === "" ? [] : [...new Set(text.split(" "))];
}
