/** The last calls in numbers: how many failed, why, how long they took, and how the last test went. */

import { Button, Group, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { healthOf } from "~/api/connectors";
import type { Connector, ExecutionSummary } from "~/api/types";
import { Status } from "~/shared/status/Status";
import { Ago, duration } from "~/shared/time/Ago";
import { useUrlSearch } from "~/shared/url/useUrlState";
import { figuresOf } from "./figures";

export function HealthFigures({ connector, calls }: { connector: Connector; calls: readonly ExecutionSummary[] }) {
  const [search, change] = useUrlSearch();
  const { failed, p50, p95, errors } = figuresOf(calls);
  return (
    <Stack gap="xs" component="section" aria-label="Health">
      <Title order={2} size="h4">
        Health, over the last {calls.length === 1 ? "call" : `${calls.length} calls`}
      </Title>
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
        <Figure label="Failed">
          {failed} ({Math.round((100 * failed) / calls.length)} %)
        </Figure>
        <Figure label="Half took at most">{duration(p50)}</Figure>
        <Figure label="95 of 100 took at most">{duration(p95)}</Figure>
        <Figure label="Last test"><Group gap="xs">
            <Ago at={connector.tested} />
            {connector.tested && <Status is={healthOf(connector)} />}
          </Group></Figure>
      </SimpleGrid>
      {errors.length > 0 && (
        <Group gap="xs" role="group" aria-label="Failures by kind">
          <Text size="sm">Why they failed:</Text>
          {errors.map(({ code, count }) => (
            <Button
              key={code}
              size="compact-sm"
              variant={search.code === code ? "filled" : "default"}
              aria-pressed={search.code === code}
              onClick={() => change({ code: search.code === code ? "" : code, status: "", command: "" })}
            >
              {code} ({count})
            </Button>
          ))}
        </Group>
      )}
    </Stack>
  );
}

function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Paper withBorder p="sm">
      <Text size="lg" fw={650} className="tabular" component="div">
        {children}
      </Text>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
    </Paper>
  );
}
