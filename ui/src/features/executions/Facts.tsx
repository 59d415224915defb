/** What is known of a call besides what went in and out. */

import { Code, SimpleGrid, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { pageOf } from "~/api/connectors";
import { usersQuery } from "~/api/people";
import type { Execution } from "~/api/types";
import { useSession } from "~/app/session/session";
import { Status } from "~/shared/status/Status";
import { Ago, duration } from "~/shared/time/Ago";
import { connectorOf } from "./outcome";

export function Facts({ execution: of, cols = { base: 2, sm: 3, lg: 5 } }: { execution: Execution; cols?: Record<string, number> | number }) {
  const { user, id: me } = useSession();
  const { data: users } = useQuery(usersQuery());
  const connector = connectorOf(of);
  const caller = users?.find((each) => each.id === of.caller)?.name ?? (of.caller === me ? user : of.caller);
  return (
    <SimpleGrid component="dl" cols={cols} spacing="sm" verticalSpacing="xs" m={0}>
      <Fact name="Status">
        <Status is={of.status} />
      </Fact>
      <Fact name="Connector">{connector ? <Link to={pageOf(connector)}>{of.connector}</Link> : of.connector}</Fact>
      {of.environment && <Fact name="Environment">{of.environment}</Fact>}
      <Fact name="Started">
        <Ago at={of.started} />
      </Fact>
      <Fact name="Took">{duration(of.durationMs)}</Fact>
      <Fact name="Started by">{of.trigger}</Fact>
      <Fact name="Caller">{caller}</Fact>
      <Fact name="Version">{of.version || "–"}</Fact>
      <Fact name="Attempts">{of.attempts}</Fact>
      {of.upstreamStatus !== null && <Fact name="Service answered">{of.upstreamStatus}</Fact>}
      {of.runId && (
        <Fact name="Run">
          <Link to="/executions" search={{ runId: of.runId } as never}>
            {of.stepId || "Calls of this run"}
          </Link>
        </Fact>
      )}
      {of.errorCode && (
        <Fact name="Error">
          <Code>{of.errorCode}</Code>
        </Fact>
      )}
    </SimpleGrid>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div style={{ minWidth: 0 }}>
      <Text component="dt" size="xs" c="dimmed">
        {name}
      </Text>
      <Text component="dd" size="sm" m={0} className="tabular">
        {children}
      </Text>
    </div>
  );
}
