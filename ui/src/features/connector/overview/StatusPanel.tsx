/** How the connector does, why, and what to do about it. */

import { Alert, Button, Code, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { keepTest, testConnector, type ConnectionTest } from "~/api/connectorChanges";
import { pageOf, type Health } from "~/api/connectors";
import { executionPage } from "~/api/executions";
import { useHealth } from "~/shared/status/useHealth";
import { asProblem } from "~/api/problem";
import type { Connector } from "~/api/types";
import { useRefusal } from "~/app/session/session";
import { Failed } from "~/shared/state/Failed";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { Status } from "~/shared/status/Status";
import { Ago, duration } from "~/shared/time/Ago";
import { useSwitch } from "./useSwitch";

export function StatusPanel({ connector }: { connector: Connector }) {
  const client = useQueryClient();
  const health = useHealth()(connector);
  const lacksAccount = health === "needs-credentials" && connector.configured;
  const mayTest = useRefusal("execute");
  const mayChange = useRefusal("manage");
  const test = useMutation({
    mutationFn: () => testConnector(connector),
    onSuccess: (made) => keepTest(client, connector, made),
    onSettled: () => {
      // A test that could not even begin is kept, too.
      void client.invalidateQueries({ queryKey: ["connectors"] });
      void client.invalidateQueries({ queryKey: ["executions"] });
    },
  });
  const turn = useSwitch(connector);
  return (
    <Paper withBorder p="md" component="section" aria-label="Status">
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <div>
            <Title order={2} size="h4">
              Status
            </Title>
            <Status is={health} />
          </div>
          <Group gap="xs">
            {lacksAccount && (
              <RefusedButton refusal={mayChange} link={`${pageOf(connector)}?tab=credentials&open=connect`}>
                Connect an account
              </RefusedButton>
            )}
            {(health === "needs_reauthorization" || (health === "failing" && connector.testResult?.success !== false)) && (
              <RefusedButton refusal="" link={`${pageOf(connector)}?tab=credentials`}>
                Credentials
              </RefusedButton>
            )}
            {health === "needs-credentials" && !lacksAccount && (
              <RefusedButton refusal={connector.stored ? mayChange : NOT_STORED} link={`${pageOf(connector)}?tab=configuration`}>
                Fill in what is missing
              </RefusedButton>
            )}
            {health === "failing" && connector.testResult?.success === false && (
              <Button variant="default" renderRoot={(props) => <Link to={pageOf(connector)} search={{ tab: "configuration" } as never} {...props} />}>
                Configuration
              </Button>
            )}
            {health === "disabled" && (
              <RefusedButton refusal={mayChange || turn.refusal} loading={turn.isPending} onClick={() => turn.mutate(true)}>
                Enable
              </RefusedButton>
            )}
            <RefusedButton
              variant="default"
              refusal={mayTest}
              loading={test.isPending}
              disabled={!connector.enabled}
              leftSection={<IconPlugConnected size={16} aria-hidden />}
              onClick={() => test.mutate()}
            >
              {connector.tested ? "Test again" : "Test"}
            </RefusedButton>
          </Group>
        </Group>
        <Reason connector={connector} health={health} />
        {test.error && <Failed problem={asProblem(test.error)} retry={() => test.mutate()} />}
        <div aria-live="polite">{test.data && <TestAnswer test={test.data} />}</div>
      </Stack>
    </Paper>
  );
}

export const NOT_STORED = "This connector comes from a file or from the program. Change it there.";

function Reason({ connector, health }: { connector: Connector; health: Health }) {
  const result = connector.testResult as { success?: boolean; latencyMs?: number; error?: string; code?: string } | null;
  switch (health) {
    case "disabled":
      return <Text size="sm">All calls are refused until somebody enables it.</Text>;
    case "needs_reauthorization":
      return <Text size="sm">The account that your calls use is no longer connected. They fail until somebody connects it again, or another one becomes the default.</Text>;
    case "needs-credentials":
      if (connector.configured) return <Text size="sm">No account is connected yet, so it cannot be called. Somebody signs in at the service once; then it goes on by itself.</Text>;
      return (
        <Text size="sm">
          Nothing is in {connector.missing.length === 1 ? "the field" : "the fields"}{" "}
          {connector.missing.map((each, at) => (
            <span key={each}>
              {at > 0 && ", "}
              <Code>{each}</Code>
            </span>
          ))}
          , so it cannot be called yet.
        </Text>
      );
    case "failing":
      if (!result || result.success === true) return <Text size="sm">The credential that your calls use does not work. The tab “Credentials” says why.</Text>;
      return (
        <Alert color="red" title="The last test failed">
          <Text size="sm">{result?.error ?? "The service did not say why."}</Text>
          <Text size="sm">
            {result?.code && <Code>{result.code}</Code>} <Ago at={connector.tested} />. Look at the address and the credentials, then test again.
          </Text>
        </Alert>
      );
    case "ok":
      if (!result) return <Text size="sm">The credential that your calls use was tested, and works.</Text>;
      return (
        <Text size="sm">
          The last test went well <Ago at={connector.tested} />, in {duration(result?.latencyMs)}.
        </Text>
      );
    default:
      return <Text size="sm">Nobody has tested it yet. A test calls the service once, with a command that only reads.</Text>;
  }
}

/** What the record of the connector does not keep: the hint, and the call itself. */
function TestAnswer({ test }: { test: ConnectionTest }) {
  return (
    <Group gap="sm">
      <Text size="sm">
        {test.success ? "It works" : (test.hint ?? "It does not work")}: <Code>{test.command}</Code> took {duration(test.latencyMs)}
        {test.status ? `, the service answered ${test.status}` : ""}.
      </Text>
      <Button size="compact-xs" variant="default" renderRoot={(props) => <Link to={executionPage(test.executionId)} {...props} />}>
        The call
      </Button>
    </Group>
  );
}
