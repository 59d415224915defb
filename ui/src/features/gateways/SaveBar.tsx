/** Saves what was changed on the page of a gateway, or says why it was not saved. */

import { Alert, Button, Group, Paper, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { changeGateway, gatewayQuery, type Gateway, type GatewayBody } from "~/api/gateways";
import { asProblem } from "~/api/problem";
import { Failed } from "~/shared/state/Failed";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { told } from "~/shared/told/told";
import { useModKey } from "~/shared/keys/useModKey";
import { keepGateway } from "./keeping";

export function SaveBar({
  gateway,
  changes,
  saved,
  discard,
  rebase,
}: {
  /** As it was when the changes began. */
  gateway: Gateway;
  changes: GatewayBody;
  saved: (gateway: Gateway) => void;
  discard: () => void;
  /** Puts the changes on top of somebody else's. */
  rebase: (gateway: Gateway) => void;
}) {
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => changeGateway(gateway.name, changes, gateway.revision),
    onSuccess: (found) => {
      saved(found);
      keepGateway(client, found);
      told("The gateway is saved.");
    },
  });
  const run = () => !save.isPending && save.mutate();
  useModKey("s", run);
  const problem = save.error ? asProblem(save.error) : null;
  const conflict = problem?.code === "revision-conflict";
  const load = async () => {
    rebase(await client.fetchQuery({ ...gatewayQuery(gateway.name), staleTime: 0 }));
    save.reset();
  };
  return (
    // At the lower edge: above, it would move what was just pressed from under the pointer.
    <Paper withBorder shadow="md" p="sm" pos="sticky" bottom={12} style={{ zIndex: 5 }}>
      <Stack gap="xs">
        <Group justify="space-between">
          <Text size="sm" role="status">
            <b>Not saved yet.</b> Models have the gateway as it was, until you save.
          </Text>
          <Group gap="xs">
            <Button size="xs" variant="default" onClick={discard}>
              Discard
            </Button>
            <RefusedButton refusal="" size="xs" loading={save.isPending} onClick={run} aria-keyshortcuts="Control+S">
              Save
            </RefusedButton>
          </Group>
        </Group>
        {conflict && (
          <Alert color="yellow" role="alert" title="Somebody else has saved this gateway meanwhile">
            <Stack gap="xs">
              <Text size="sm">What you changed is kept. Load the newest revision, then save again: what you changed takes the place of theirs, and the rest stays theirs.</Text>
              <Group>
                <Button size="xs" variant="default" onClick={() => void load()}>
                  Load the newest revision
                </Button>
              </Group>
            </Stack>
          </Alert>
        )}
        {problem && !conflict && <Failed title="It was not saved" problem={problem} retry={run} />}
      </Stack>
    </Paper>
  );
}
