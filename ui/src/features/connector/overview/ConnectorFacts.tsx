/** What is set for a connector, at a glance. */

import { Paper, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { typePage } from "~/api/catalogue";
import { read } from "~/api/lists";
import type { Connector, Listed } from "~/api/types";
import { Facts } from "~/shared/facts/Facts";
import { kindAbout } from "~/shared/model/words";
import { Ago, duration } from "~/shared/time/Ago";

export function ConnectorFacts({ connector }: { connector: Connector }) {
  const { egress, mocks } = connector;
  const owner = useOwner(connector.owner);
  return (
    <Paper withBorder p="md" component="section" aria-label="Facts">
      <Title order={2} size="h4" mb="xs">
        Facts
      </Title>
      <Facts
        facts={[
          ["Type", <Link key="type" to={typePage(connector.type)}>{`${connector.type} ${connector.typeVersion}`}</Link>],
          ["How it runs", kindAbout(connector.executionModel)],
          ["Kept in", connector.stored ? "The database" : "A file, or the program"],
          ["Owner", owner],
          ["Managed by", connector.managedBy],
          ["Category", connector.category],
          ["Tags", connector.tags.join(", ")],
          ["Environments", Object.keys(connector.environments).map((each) => (each === connector.environment ? `${each} (default)` : each)).join(", ")],
          ["May also reach", written(egress.allow) || "Public addresses only"],
          ["Ports", written(egress.ports)],
          ["Timeout", connector.timeout === null ? "As the server has it" : duration(connector.timeout)],
          ["Log level", connector.logLevel || "As the server has it"],
          ["Mocks", mocks.enabled === true ? "On" : Object.keys(mocks).length > 0 ? "There are some; they are off" : ""],
          ["Made", connector.created && <Ago at={connector.created} />],
          ["Changed", connector.updated && <Ago at={connector.updated} />],
        ]}
      />
    </Paper>
  );
}

/** The name of a user; others than administrators see no users but themselves. */
function useOwner(id: string): string {
  const users = useQuery({
    queryKey: ["users", "names"],
    queryFn: () => read<Listed<{ id: string; name: string }>>("/api/users", { pageSize: 200 }),
    enabled: id !== "",
    retry: false,
    staleTime: 60_000,
  });
  if (!id) return "";
  return users.data?.items.find((each) => each.id === id)?.name ?? (users.isPending ? "" : "Another user");
}

function written(value: unknown): string {
  return Array.isArray(value) ? value.join(", ") : value === undefined || value === null ? "" : String(value);
}
