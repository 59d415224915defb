/** Keeps the draft on the server, a moment after each change. Where it cannot, this tab alone has it. */

import { useCallback, useEffect, useRef, useState } from "react";
import { changeDraft, deleteDraft, makeDraft, type DraftSaved } from "~/api/drafts";
import { asProblem } from "~/api/problem";
import { pointer } from "~/shared/form/schema";
import { isTooLarge, type Draft } from "./draft";

const PAUSE_MS = 1_200;

export type Keeping = "not-yet" | "keeping" | "kept" | "here-only";

export interface ServerDraft {
  keeping: Keeping;
  /** Take it away from the server. */
  drop: () => void;
}

export function useServerDraft({ draft, dirty, id, setId }: { draft: Draft; dirty: boolean; id: string; setId: (id: string) => void }): ServerDraft {
  const [keeping, setKeeping] = useState<Keeping>(id ? "kept" : "not-yet");
  const known = useRef(id);
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  const over = useRef(false);
  const tell = useRef(setId);
  tell.current = setId;
  useEffect(() => {
    if (!dirty || over.current) return;
    if (isTooLarge(draft)) {
      setKeeping("here-only");
      return;
    }
    const timer = setTimeout(() => {
      setKeeping("keeping");
      // One after the other, so that there is one draft and the newest text is the last.
      queue.current = queue.current.then(async () => {
        if (over.current) return;
        try {
          if (known.current) await changeDraft(known.current, savedOf(draft));
          else {
            known.current = (await makeDraft(savedOf(draft))).id;
            tell.current(known.current);
          }
          setKeeping("kept");
        } catch (error) {
          if (asProblem(error).status === 404) known.current = ""; // deleted elsewhere: the next change makes another
          setKeeping("here-only");
        }
      });
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [draft, dirty]);
  const drop = useCallback(() => {
    over.current = true;
    void queue.current.then(async () => {
      if (known.current) await deleteDraft(known.current).catch(() => undefined); // it ends by itself after 30 days
      known.current = "";
      over.current = false;
    });
  }, []);
  return { keeping, drop };
}

function savedOf(draft: Draft): DraftSaved {
  const secrets = draft.secrets.filter((name) => name in draft.config).map((name) => pointer("/config", name));
  return { kind: "connector", name: draft.name, body: draft as unknown as Record<string, unknown>, secrets };
}
