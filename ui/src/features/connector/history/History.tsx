/** How a connector does over time, and all of its calls. */

import { Stack, Title } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { executionsQuery } from "~/api/executions";
import type { Connector } from "~/api/types";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { Answered } from "~/shared/state/Answered";
import { EmptyFirst } from "~/shared/state/Empty";
import { TableSkeleton } from "~/shared/state/Loading";
import { pageOf } from "~/api/connectors";
import { Calls } from "./Calls";
import { HealthFigures } from "./HealthFigures";

export const RECENT = 200;

export default function History({ connector }: { connector: Connector }) {
  const recent = useQuery(executionsQuery({ connector: `${connector.namespace}/${connector.name}`, pageSize: RECENT, total: false }));
  return (
    <Answered query={recent} skeleton={<TableSkeleton />}>
      {(listed) =>
        listed.items.length === 0 ? (
          <EmptyFirst
            icon={IconHistory}
            title="No data yet"
            action={
              <RefusedButton refusal="" link={`${pageOf(connector)}?tab=commands`}>
                Run a command
              </RefusedButton>
            }
          >
            Each call of this connector stands here, with what it was given and what came back; how long calls take and why they fail, too.
          </EmptyFirst>
        ) : (
          <Stack gap="lg">
            <HealthFigures connector={connector} calls={listed.items} />
            <Stack gap="xs">
              <Title order={2} size="h4">
                Calls
              </Title>
              <Calls connector={connector} recent={listed} />
            </Stack>
          </Stack>
        )
      }
    </Answered>
  );
}
