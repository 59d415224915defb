/** What is done with a credential at once, one thing at a time, and what came of it. */

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ConnectionTest } from "~/api/connectorChanges";
import { changeCredential, credentialsChanged, refreshCredential, testCredential, type Credential } from "~/api/credentials";
import { asProblem, type Problem } from "~/api/problem";
import { told } from "~/shared/told/told";
import type { Action } from "./CredentialCard";

export interface Actions {
  /** Which credential, and what is done with it. */
  busy: { id: string; action: Action } | null;
  /** By id of the credential: how its test went, or why there was none. */
  tests: ReadonlyMap<string, ConnectionTest | Problem>;
  run: (credential: Credential, action: "default" | "test" | "refresh") => void;
}

export function useActions(): Actions {
  const [busy, setBusy] = useState<Actions["busy"]>(null);
  const [tests, setTests] = useState<ReadonlyMap<string, ConnectionTest | Problem>>(new Map());
  const client = useQueryClient();
  const work = {
    default: async (credential: Credential) => {
      await changeCredential(credential, { isDefault: true });
      told(`“${credential.name}” is the default now.`);
    },
    test: async (credential: Credential) => {
      const made = await testCredential(credential).catch(asProblem);
      setTests((before) => new Map(before).set(credential.id, made));
      void client.invalidateQueries({ queryKey: ["executions"] });
    },
    refresh: async (credential: Credential) => {
      await refreshCredential(credential);
      told(`“${credential.name}” has a new token.`);
    },
  };
  const run: Actions["run"] = (credential, action) => {
    if (busy) return;
    setBusy({ id: credential.id, action });
    work[action](credential)
      .catch((error: unknown) => told(asProblem(error).message, { failed: true }))
      .finally(() => {
        setBusy(null);
        void credentialsChanged(client);
      });
  };
  return { busy, tests, run };
}
