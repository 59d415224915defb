/** One credential: how it does and why, what it may, and what can be done with it. */

import { ActionIcon, Alert, Badge, Group, Menu, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconDots } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Accepted } from "~/api/catalogue";
import type { Credential } from "~/api/credentials";
import type { ConnectionTest } from "~/api/connectorChanges";
import { Problem } from "~/api/problem";
import { Facts } from "~/shared/facts/Facts";
import { Failed } from "~/shared/state/Failed";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { Status } from "~/shared/status/Status";
import { Ago, duration } from "~/shared/time/Ago";
import { Scopes } from "./Scopes";
import { advice, MODES, missingScopes, stateOf, whose } from "./words";

export type Action = "connect" | "switch" | "values" | "token" | "default" | "test" | "refresh" | "revoke" | "rename" | "delete";

export function CredentialCard({
  credential,
  accepted,
  refusal,
  testRefusal,
  busy,
  test,
  act,
}: {
  credential: Credential;
  accepted: Accepted | undefined;
  /** Why it cannot be changed. */
  refusal: string;
  testRefusal: string;
  /** What is being done with it just now. */
  busy: Action | "";
  /** The answer of the test that was made on this page. */
  test: ConnectionTest | Problem | undefined;
  act: (action: Action) => void;
}) {
  const { name, isDefault, visibility, status, reason, code } = credential;
  const does = stateOf(credential);
  const says = advice(credential, accepted);
  const lacks = missingScopes(credential);
  return (
    <Paper withBorder p="md" component="li" aria-label={name} data-id={credential.id}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" gap="xs">
          <div style={{ minWidth: 0 }}>
            <Group gap="xs">
              <Title order={2} size="h5" style={{ overflowWrap: "anywhere" }}>
                {name}
              </Title>
              {isDefault && (
                <Badge variant="light" color="gray" c="var(--mantine-color-text)" size="sm" tt="none">
                  Default
                </Badge>
              )}
              <Badge variant="default" size="sm" tt="none">
                {visibility === "shared" ? "Shared" : "Private"}
              </Badge>
            </Group>
            <Text size="sm" c="dimmed">
              {[MODES[credential.mode], whose(credential)].filter(Boolean).join(" · ")}
            </Text>
          </div>
          <Status {...does} />
        </Group>
        {says && (
          <Alert color={status === "error" ? "red" : "yellow"} icon={<IconAlertTriangle aria-hidden />} py="xs">
            <Text size="sm">
              {reason && `${sentence(reason)} `}
              {says}
              {code && (
                <Text span size="xs" c="dimmed">
                  {" "}
                  ({code})
                </Text>
              )}
            </Text>
          </Alert>
        )}
        {lacks.length > 0 && <Text size="sm">The service granted less than was asked for. What needs {lacks.join(", ")} will be refused there; connect the account again and allow it.</Text>}
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" verticalSpacing={6}>
          <Facts facts={accessOf(credential)} />
          <Facts facts={usageOf(credential)} />
        </SimpleGrid>
        <div aria-live="polite">{test instanceof Problem ? <Failed problem={test} title="It was not tested" /> : test && <Tested test={test} />}</div>
        <Buttons {...{ credential, accepted, refusal, testRefusal, busy, act }} />
      </Stack>
    </Paper>
  );
}

type Told = (readonly [string, ReactNode])[];

function accessOf(credential: Credential): Told {
  const { refreshable, refreshed } = credential;
  const expires = credential.status === "needs_reauthorization" ? null : credential.expires; // nobody takes it any more
  const tokens = credential.mode !== "values" || refreshed !== null;
  return [
    ["Scopes", (credential.scopesAsked.length > 0 || credential.scopesGranted) && <Scopes credential={credential} />],
    [
      "Token ends",
      expires ? (
        <>
          <Ago at={expires} />
          {refreshable ? ", and is renewed before" : ""}
        </>
      ) : tokens && refreshed && credential.status === "connected" ? (
        "The service does not say"
      ) : null,
    ],
    ["Last refreshed", refreshed && <Ago at={refreshed} />],
  ];
}

function usageOf({ used, tested, testResult, authorName, updated }: Credential): Told {
  return [
    ["Last used", <Ago key="used" at={used} />],
    [
      "Last test",
      tested ? (
        <>
          {testResult?.success ? "It worked " : "It failed "}
          <Ago at={tested} />
        </>
      ) : (
        "never"
      ),
    ],
    [
      "Put in",
      <>
        {authorName && `by ${authorName} `}
        <Ago key="updated" at={updated} />
      </>,
    ],
  ];
}

function Tested({ test }: { test: ConnectionTest }) {
  return (
    <Text size="sm" c={test.success ? undefined : "var(--mantine-color-error)"}>
      {test.success ? `It works: ${test.command} took ${duration(test.latencyMs)}.` : `It does not work: ${test.error ?? test.hint}.`}
      {!test.success && test.error && test.hint ? ` ${sentence(test.hint)}` : ""}
    </Text>
  );
}

function Buttons({
  credential,
  accepted,
  refusal,
  testRefusal,
  busy,
  act,
}: {
  credential: Credential;
  accepted: Accepted | undefined;
  refusal: string;
  testRefusal: string;
  busy: Action | "";
  act: (action: Action) => void;
}) {
  const { name, mode, status, isDefault, code } = credential;
  const account = mode === "platform" || mode === "own";
  const signsIn = account && Boolean(accepted?.signIn || accepted?.device);
  const gone = status === "needs_reauthorization";
  const hasTokens = credential.refreshed !== null && !(gone && code === "revoked");
  const items: [Action, string, boolean][] = [
    ["switch", "Switch to another account", signsIn && accepted?.signIn === true],
    ["default", "Make it the default", !isDefault],
    ["refresh", "Refresh the token now", credential.refreshable && !gone],
    ["values", mode === "values" ? "Replace its values" : "Values of its own", mode === "values" || mode === "own"],
    ["token", "Put a new token in", mode === "token"],
    ["rename", "Rename", true],
    ["revoke", "Revoke at the service", hasTokens && mode !== "values"],
    ["delete", "Delete", true],
  ];
  return (
    <Group gap="xs">
      {signsIn && (
        <RefusedButton size="xs" variant={gone || status === "expiring" ? "filled" : "default"} refusal={refusal} loading={busy === "connect"} onClick={() => act("connect")}>
          {code === "not-connected" ? "Connect" : "Connect again"}
        </RefusedButton>
      )}
      {mode === "token" && gone && (
        <RefusedButton size="xs" refusal={refusal} onClick={() => act("token")}>
          Paste a new token
        </RefusedButton>
      )}
      <RefusedButton size="xs" variant="default" refusal={testRefusal} loading={busy === "test"} onClick={() => act("test")}>
        Test
      </RefusedButton>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={30} aria-label={`More for ${name}`} loading={busy !== "" && busy !== "test" && busy !== "connect"}>
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {items
            .filter(([, , shown]) => shown)
            .map(([action, label]) => (
              <Menu.Item key={action} disabled={Boolean(refusal)} onClick={() => act(action)}>
                {label}
              </Menu.Item>
            ))}
          {refusal && <Menu.Label maw={260}>{refusal}</Menu.Label>}
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}

function sentence(words: string): string {
  const text = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
