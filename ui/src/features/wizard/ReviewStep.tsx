/** All that will be there, as YAML, before it is created. */

import { Alert, Code, Group, List, ScrollArea, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useMemo, type ReactNode } from "react";
import { stringify } from "yaml";
import type { NewConnector } from "~/api/creating";
import { asProblem, type Problem } from "~/api/problem";
import { CopyAs } from "~/shared/copy/CopyAs";
import { Failed } from "~/shared/state/Failed";
import { PageSkeleton } from "~/shared/state/Loading";
import { Status } from "~/shared/status/Status";
import { withoutSecrets } from "./body";
import type { Definition } from "./definition";
import { titleOfKind, type Kind } from "./kinds";
import { snippetsOf } from "./snippets";
import { secretsOf, type Body } from "./useBody";

/** A document that is longer is not shown, only counted. */
const LONGEST = 60_000;

export type Tested = "ok" | "failing" | "untested";

export function ReviewStep({
  kind,
  definition,
  body,
  tested,
  problem,
}: {
  kind: Kind;
  definition: Definition;
  body: Body;
  tested: Tested;
  /** Why it was not created. */
  problem: Problem | null;
}) {
  const secrets = secretsOf(definition);
  const shown = useMemo(() => body.body && shortened(withoutSecrets(body.body, secrets)), [body.body, secrets.join(" ")]);
  const yaml = useMemo(() => (shown ? stringify(shown, { lineWidth: 0, blockQuote: "literal" }) : ""), [shown]);
  if (body.error) return <Failed problem={asProblem(body.error)} retry={body.retry} />;
  if (body.body === undefined || shown === undefined) return <PageSkeleton />;
  const named = secrets.filter((field) => typeof (body.body?.config as Record<string, unknown> | undefined)?.[field] === "string");
  const missing = Object.entries(definition.data?.fields ?? {}).filter(
    ([name, field]) => field.required && field.default === undefined && (body.body?.config as Record<string, unknown> | undefined)?.[name] === undefined,
  );
  return (
    <Stack gap="md" maw={860}>
      <Group justify="space-between">
        <Title order={2} size="h4">
          Review
        </Title>
        <CopyAs snippets={snippetsOf(withoutSecrets(body.body, secrets), yaml)} />
      </Group>
      {problem && <Failed title="It was not created" problem={problem} />}
      <SimpleGrid cols={{ base: 2, sm: 4 }} component="dl" m={0}>
        <Fact label="Name">{String(body.body.name || "none yet")}</Fact>
        <Fact label="Kind">{titleOfKind(kind)}</Fact>
        <Fact label="Commands">{Object.keys(definition.data?.commands ?? {}).length.toLocaleString("en")}</Fact>
        <Fact label="Test">
          <Status is={tested} word={tested === "failing" ? "Failed" : undefined} />
        </Fact>
      </SimpleGrid>
      {missing.length > 0 && (
        <Alert color="yellow" py="xs">
          Not filled in yet: {missing.map(([name]) => name).join(", ")}. Calls are refused until then.
        </Alert>
      )}
      {(definition.data?.warnings.length ?? 0) > 0 && (
        <Alert color="yellow" title="The server says" styles={{ title: { color: "var(--mantine-color-text)" } }}>
          <List size="sm">
            {definition.data?.warnings.map((each) => (
              <List.Item key={each}>{each}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      {named.length > 0 && (
        <Text size="sm" c="dimmed">
          Below, names of stored secrets stand for what you typed. What you typed itself is sent when you create the connector, and never shown again.
        </Text>
      )}
      <ScrollArea.Autosize mah={460} type="auto" viewportProps={{ tabIndex: 0, role: "region", "aria-label": "The connector as YAML" }}>
        <Code block>{yaml}</Code>
      </ScrollArea.Autosize>
    </Stack>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed" component="dt">
        {label}
      </Text>
      <Text component="dd" m={0} size="sm" fw={600}>
        {children}
      </Text>
    </div>
  );
}

function shortened(body: NewConnector): NewConnector {
  if (body.spec === undefined) return body;
  const length = (typeof body.spec === "string" ? body.spec : JSON.stringify(body.spec)).length;
  return length <= LONGEST ? body : { ...body, spec: `(a document of ${Math.round(length / 1_024).toLocaleString("en")} KB)` };
}
