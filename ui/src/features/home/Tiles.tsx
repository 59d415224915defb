/** How the connectors do, in numbers that lead to the list. */

import { Paper, SimpleGrid, Text, UnstyledButton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Health } from "~/api/connectors";
import { useHealth } from "~/shared/status/useHealth";
import type { Connector } from "~/api/types";
import { Status } from "~/shared/status/Status";

const SHOWN: readonly Health[] = ["ok", "failing", "needs-credentials", "needs_reauthorization", "untested", "disabled"];

export function Tiles({ connectors }: { connectors: readonly Connector[] }) {
  const healthOf = useHealth();
  const count = (health: Health) => connectors.filter((each) => healthOf(each) === health).length;
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="sm" aria-label="Connectors by state" role="group">
      {SHOWN.map((health) => (
        <UnstyledButton key={health} renderRoot={(props) => <Link to="/connectors" search={{ health } as never} {...props} />}>
          <Paper withBorder p="sm" h="100%">
            <Text size="xl" fw={650} className="tabular">
              {count(health)}
            </Text>
            <Status is={health} />
          </Paper>
        </UnstyledButton>
      ))}
    </SimpleGrid>
  );
}
