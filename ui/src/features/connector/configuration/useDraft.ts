/** A draft of a connector, saved only upon the state that it was made from. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changeConnector, keepConnector } from "~/api/connectorChanges";
import { connectorQuery } from "~/api/connectors";
import { asProblem, type Problem } from "~/api/problem";
import type { Connector } from "~/api/types";
import { told } from "~/shared/told/told";
import { changesOf, draftOf, rebased, type Draft } from "./draft";

export function useDraft(connector: Connector) {
  const client = useQueryClient();
  const [base, setBase] = useState(connector);
  const [draft, setDraft] = useState<Draft>(() => draftOf(connector));
  const changes = changesOf(base, draft);
  const dirty = Object.keys(changes).length > 0;
  if (base !== connector && !dirty) {
    setBase(connector);
    setDraft(draftOf(connector));
  }
  const save = useMutation({
    mutationFn: () => changeConnector(base, changes, base.revision),
    onSuccess: (made) => {
      keepConnector(client, made);
      const whole = { ...made, configSchema: made.configSchema ?? base.configSchema };
      setBase(whole);
      setDraft(draftOf(whole));
      told(made.warnings.length > 0 ? `Saved. ${made.warnings.join(" ")}` : "Saved.");
    },
    onError: (error) => {
      if (isConflict(asProblem(error))) void client.invalidateQueries({ queryKey: connectorQuery(connector.namespace, connector.name).queryKey });
    },
  });
  const takeNewest = () => {
    setDraft(rebased(base, connector, draft));
    setBase(connector);
    save.reset();
  };
  const discard = () => {
    setBase(connector);
    setDraft(draftOf(connector));
    save.reset();
  };
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  return { base, draft, change, changes, dirty, save, problem: save.error ? asProblem(save.error) : null, takeNewest, discard };
}

/** Somebody else was quicker. */
export function isConflict(problem: Problem): boolean {
  return problem.status === 409 || problem.status === 412;
}
