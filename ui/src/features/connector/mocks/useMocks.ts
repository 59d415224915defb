/** A draft of a connector's mocks, saved as a whole upon the state that it was made from. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changeConnector, keepConnector } from "~/api/connectorChanges";
import { connectorQuery } from "~/api/connectors";
import { asProblem } from "~/api/problem";
import type { Connector } from "~/api/types";
import { told } from "~/shared/told/told";
import { mocksOf, type Mocks } from "./mocks";

export function useMocks(connector: Connector) {
  const client = useQueryClient();
  const [base, setBase] = useState(connector);
  const [draft, setDraft] = useState<Mocks>(() => mocksOf(connector));
  const dirty = JSON.stringify(draft) !== JSON.stringify(mocksOf(base));
  if (base !== connector && !dirty) {
    setBase(connector);
    setDraft(mocksOf(connector));
  }
  const save = useMutation({
    mutationFn: (mocks: Mocks) => changeConnector(base, { mocks }, base.revision),
    onSuccess: (made) => {
      keepConnector(client, made);
      setBase(made);
      setDraft(mocksOf(made));
      told("The mocks are saved.");
    },
    onError: (error) => {
      if (asProblem(error).status === 409) void client.invalidateQueries({ queryKey: connectorQuery(connector.namespace, connector.name).queryKey });
    },
  });
  const takeNewest = () => {
    setBase(connector);
    save.reset();
  };
  return { base, draft, setDraft, dirty, save, problem: save.error ? asProblem(save.error) : null, takeNewest };
}
