/** Keeps what a command answered, to be answered again without the service. */

import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { changeConnector, keepConnector } from "~/api/connectorChanges";
import type { Answer } from "~/api/connectors";
import { asProblem } from "~/api/problem";
import type { Connector } from "~/api/types";
import { useRefusal } from "~/app/session/session";
import { Failed } from "~/shared/state/Failed";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { told } from "~/shared/told/told";
import { NOT_STORED } from "../overview/StatusPanel";
import { DEFAULT_SCENARIO, mocksOf, outcomeOf, withScenario } from "./mocks";
import { OutcomeEditor } from "./OutcomeEditor";

export function SaveAsMock({ connector, command, answer, close }: { connector: Connector; command: string; answer: Answer; close: () => void }) {
  const [scenario, setScenario] = useState(answer.success ? DEFAULT_SCENARIO : (answer.code ?? "failure"));
  const [outcome, setOutcome] = useState<unknown>(() => outcomeOf(answer));
  const [broken, setBroken] = useState("");
  const client = useQueryClient();
  const refusal = useRefusal("manage") || (connector.stored ? "" : NOT_STORED) || broken || (scenario.trim() ? "" : "Give it a name.");
  const replaces = mocksOf(connector).data?.[command]?.[scenario.trim()] !== undefined;
  const save = useMutation({
    mutationFn: () => changeConnector(connector, { mocks: withScenario(mocksOf(connector), command, scenario.trim(), outcome) }, connector.revision),
    onSuccess: (made) => {
      keepConnector(client, made);
      told(`${command} has the mock scenario “${scenario.trim()}”.`);
      close();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!refusal) save.mutate();
  };
  return (
    <Modal opened onClose={close} title={`Save the answer of ${command} as a mock`} size="lg" closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="Name of the scenario"
            description={replaces ? "There is one of that name: it is replaced." : "“default” answers calls that name none."}
            value={scenario}
            onChange={(event) => setScenario(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
          <Text size="sm">Take out what nobody else should see: everybody who may look at this connector sees its mocks.</Text>
          <OutcomeEditor label="The answer" value={outcome} onChange={setOutcome} setBroken={setBroken} save={() => !refusal && save.mutate()} readOnly={false} />
          {save.error && <Failed problem={asProblem(save.error)} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <RefusedButton refusal={refusal} type="submit" loading={save.isPending}>
              Save
            </RefusedButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
