/** CodeMirror, put together from its parts. */

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, type CompletionSource } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { javascript, javascriptLanguage } from "@codemirror/lang-javascript";
import { json, jsonParseLinter } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, defaultHighlightStyle, foldGutter, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { linter, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useLayoutEffect, useRef } from "react";
import type { CodeEditorProps } from "./CodeEditor";

export interface Mark {
  /** Counted from 1. */
  line: number;
  column?: number;
  message: string;
}

export interface Word {
  /** Such as `floh.http.get`. */
  label: string;
  detail?: string;
  info?: string;
  /** What is put in, if it is not the label. */
  apply?: string;
}

const LANGUAGES = { javascript: javascript(), json: json(), yaml: yaml() };

const darkStyle = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: "#c4a7ff" },
  { tag: [tags.string, tags.special(tags.string)], color: "#a5d6a7" },
  { tag: [tags.number, tags.bool, tags.null], color: "#ffcc80" },
  { tag: [tags.comment], color: "#a3aab5", fontStyle: "italic" },
  { tag: [tags.propertyName, tags.definition(tags.variableName)], color: "#90caf9" },
  { tag: [tags.function(tags.variableName), tags.typeName], color: "#80cbc4" },
]);

function look(dark: boolean): Extension {
  const base = EditorView.theme(
    {
      "&": { fontSize: "13px", backgroundColor: "var(--mantine-color-body)", color: "var(--mantine-color-text)" },
      "&.cm-focused": { outline: "2px solid var(--mantine-color-anchor)" },
      ".cm-content": { fontFamily: "var(--mantine-font-family-monospace)", caretColor: "var(--mantine-color-text)" },
      ".cm-gutters": { backgroundColor: "transparent", color: "var(--mantine-color-dimmed)", border: "none" },
      ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: dark ? "#ffffff0d" : "#0000000a" },
      ".cm-cursor": { borderLeftColor: "var(--mantine-color-text)" },
      ".cm-tooltip": { backgroundColor: "var(--mantine-color-body)", border: "1px solid var(--mantine-color-default-border)" },
      ".cm-panels": { backgroundColor: "var(--mantine-color-body)", color: "var(--mantine-color-text)" },
    },
    { dark },
  );
  return [base, syntaxHighlighting(dark ? darkStyle : defaultHighlightStyle, { fallback: true })];
}

export default function Editor(props: CodeEditorProps) {
  const { label, language, value, marks, words, minHeight = 240, maxHeight, readOnly = false } = props;
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  latest.current = props;
  // At once, not in an effect: a page in the dark would show the colours of the day for a moment.
  const dark = useComputedColorScheme("light", { getInitialValueInEffect: false }) === "dark";
  const colors = useRef(new Compartment());
  // Before anything is painted: an empty place would be filled later, and push away what is below.
  useLayoutEffect(() => {
    const editor = new EditorView({
      parent: place.current as HTMLElement,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          keymap.of([
            { key: "Mod-Enter", run: () => done(latest.current.onRun) },
            { key: "Mod-s", run: () => done(latest.current.onSave), preventDefault: true },
          ]),
          basics(),
          LANGUAGES[language],
          ...(language === "json" ? [linter(jsonParseLinter())] : []),
          ...(words ? [javascriptLanguage.data.of({ autocomplete: offering(words) })] : []),
          colors.current.of(look(dark)),
          EditorState.readOnly.of(readOnly),
          EditorView.contentAttributes.of({ "aria-label": label, "aria-multiline": "true", tabindex: "0" }),
          EditorView.theme({
            "&": { ...(maxHeight ? { maxHeight: `${maxHeight}px` } : {}), border: "1px solid var(--mantine-color-default-border)", borderRadius: "4px" },
            ".cm-scroller": { overflow: "auto", minHeight: `${minHeight}px` },
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange?.(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
    // The rest is given to the editor that is there.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [language, readOnly, label, words, minHeight, maxHeight]);
  useEffect(() => {
    view.current?.dispatch({ effects: colors.current.reconfigure(look(dark)) });
  }, [dark]);
  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== value) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
    }
  }, [value]);
  useEffect(() => {
    const editor = view.current;
    if (!editor || !marks) return;
    const found = marks.map((mark) => {
      const line = editor.state.doc.line(Math.min(Math.max(mark.line, 1), editor.state.doc.lines));
      const from = Math.min(line.from + Math.max((mark.column ?? 1) - 1, 0), line.to);
      return { from, to: Math.max(from, line.to), severity: "error" as const, message: mark.message };
    });
    editor.dispatch(setDiagnostics(editor.state, found));
  }, [marks]);
  return <div ref={place} />;
}

function done(action: (() => void) | undefined): boolean {
  action?.();
  return action !== undefined;
}

function basics(): Extension {
  return [
    lineNumbers(),
    foldGutter(),
    lintGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    autocompletion(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSelectionMatches(),
    EditorView.lineWrapping,
    keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap, indentWithTab]),
  ];
}

/** Offers names with dots, such as `floh.http.get`, from their first letter on. */
function offering(words: readonly Word[]): CompletionSource {
  const options = words.map((each) => ({ ...each, type: "function" }));
  return (context) => {
    const before = context.matchBefore(/[\w$][\w$.]*/);
    if (before === null && !context.explicit) return null;
    return { from: before?.from ?? context.pos, options, validFor: /^[\w$.]*$/ };
  };
}
