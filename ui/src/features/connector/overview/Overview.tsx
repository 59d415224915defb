/** What a connector is, how it does, and what can be done with it as a whole. */

import { Alert, Grid, List, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { typeQuery } from "~/api/catalogue";
import { configSchemaOf } from "~/api/connectors";
import type { Connector } from "~/api/types";
import { Actions } from "./Actions";
import { Approval } from "./Approval";
import { ConnectorFacts } from "./ConnectorFacts";
import { Deprecated } from "./Deprecated";
import { LastCalls } from "./LastCalls";
import { StatusPanel } from "./StatusPanel";

export default function Overview({ connector }: { connector: Connector }) {
  const type = useQuery({ ...typeQuery(connector.type), retry: false });
  const about = connector.description || type.data?.description;
  const { commands } = configSchemaOf(connector);
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Stack gap="lg">
          {about && (
            <Text style={{ whiteSpace: "pre-line" }} maw={720}>
              {about}
            </Text>
          )}
          {connector.warnings.length > 0 && (
            <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title="Look at this">
              <List size="sm">
                {connector.warnings.map((each) => (
                  <List.Item key={each}>{each}</List.Item>
                ))}
              </List>
            </Alert>
          )}
          <StatusPanel connector={connector} />
          <Deprecated commands={commands} />
          <LastCalls connector={connector} />
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <Stack gap="lg">
          <ConnectorFacts connector={connector} />
          <Approval connector={connector} />
          <Actions connector={connector} />
        </Stack>
      </Grid.Col>
    </Grid>
  );
}
