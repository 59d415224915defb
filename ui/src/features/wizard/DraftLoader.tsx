/** Reads a draft from the server, to go on with it. */

import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { draftQuery } from "~/api/drafts";
import { Answered } from "~/shared/state/Answered";
import { NotFound } from "~/shared/state/NotFound";
import { draftFrom, type Draft } from "./draft";

export function DraftLoader({ id, loaded }: { id: string; loaded: (draft: Draft) => void }) {
  const kept = useQuery(draftQuery(id));
  const draft = kept.data ? draftFrom(kept.data.body) : null;
  useEffect(() => {
    if (draft) loaded(draft);
    // Once, when it is there.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [kept.data]);
  const nothing = { what: "draft", up: "/connectors/new", upLabel: "Begin a new connector" };
  return (
    <Answered query={kept} missing={nothing}>
      {() => (draft === null ? <NotFound {...nothing} /> : null)}
    </Answered>
  );
}
