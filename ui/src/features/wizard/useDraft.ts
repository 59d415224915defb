/** The draft of a kind, and how to change it. */

import { useCallback, useEffect, useRef, useState } from "react";
import { emptyDraft, forgetDraft, keepDraft, keptDraft, type Draft } from "./draft";
import type { Kind } from "./kinds";

const PAUSE_MS = 400;

export type Change = (part: Partial<Draft>) => void;

export interface Drafting {
  draft: Draft;
  change: Change;
  /** Something was filled in. */
  dirty: boolean;
  /** It is too large to outlive a refresh. */
  tooLarge: boolean;
  /** The connector is there. */
  forget: () => void;
  /** Begin anew. */
  restart: () => void;
}

export function useDraft(kind: Kind): Drafting {
  const [draft, setDraft] = useState<Draft>(() => keptDraft(kind) ?? emptyDraft(kind));
  const [dirty, setDirty] = useState(() => keptDraft(kind) !== null);
  const [tooLarge, setTooLarge] = useState(false);
  const gone = useRef(false);
  const newest = useRef(draft);
  newest.current = draft;
  const change = useCallback<Change>((part) => {
    setDirty(true);
    setDraft((before) => ({ ...before, ...part }));
  }, []);
  useEffect(() => {
    if (!dirty) return;
    const timer = setTimeout(() => {
      if (!gone.current) setTooLarge(!keepDraft(draft));
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [draft, dirty]);
  // What was typed just before the page is left counts, too.
  useEffect(
    () => () => {
      if (!gone.current && (keptDraft(kind) ?? newest.current) !== newest.current) keepDraft(newest.current);
    },
    [kind],
  );
  const forget = useCallback(() => {
    gone.current = true;
    setDirty(false);
    forgetDraft();
  }, []);
  const restart = useCallback(() => {
    forgetDraft();
    setDraft(emptyDraft(kind));
    setDirty(false);
  }, [kind]);
  return { draft, change, dirty, tooLarge, forget, restart };
}
