/** The first page: something to run at once, how it goes, what went wrong last. */

import { Alert, Button, Grid, Group, Stack, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useRefusal, useSession } from "~/app/session/session";
import { connectorsQuery } from "~/api/connectors";
import { Page } from "~/shared/page/Page";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { Answered } from "~/shared/state/Answered";
import { Failures } from "./Failures";
import { FirstRun } from "./FirstRun";
import { Tiles } from "./Tiles";

export default function HomePage() {
  const connectors = useQuery(connectorsQuery());
  const refusal = useRefusal("manage");
  const { keepsNothing } = useSession();
  return (
    <Page
      title="Home"
      about="Connectors of this server, how they do, and what went wrong."
      actions={
        <RefusedButton refusal={refusal} leftSection={<IconPlus size={16} aria-hidden />} link="/connectors/new">
          New connector
        </RefusedButton>
      }
    >
      {keepsNothing && (
        <Alert color="yellow" title="This server keeps nothing">
          It runs without a database: what you run here can be tried, and nothing can be saved.
        </Alert>
      )}
      <Answered query={connectors}>
        {(all) => (
          <Stack gap="lg">
            <Tiles connectors={all} />
            <Grid>
              <Grid.Col span={{ base: 12, md: 6 }}>
                <FirstRun connectors={all} />
              </Grid.Col>
              <Grid.Col span={{ base: 12, md: 6 }}>
                <Stack gap="xs">
                  <Group justify="space-between">
                    <Title order={2} size="h4">
                      Last failures
                    </Title>
                    <Button variant="default" size="xs" renderRoot={(props) => <Link to="/executions" {...props} />}>
                      All calls
                    </Button>
                  </Group>
                  <Failures />
                </Stack>
              </Grid.Col>
            </Grid>
          </Stack>
        )}
      </Answered>
    </Page>
  );
}
