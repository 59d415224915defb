/** Where a type comes from, and which connectors are of it. */

import { List, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { pageOf } from "~/api/connectors";
import type { Connector, ConnectorType } from "~/api/types";
import { Facts } from "~/shared/facts/Facts";
import { kindAbout, kindWord } from "~/shared/model/words";
import { Ago } from "~/shared/time/Ago";
import { notInstalled, originWord } from "./listing";

export function TypeFacts({ type, connectors }: { type: ConnectorType; connectors: readonly Connector[] }) {
  return (
    <Stack gap="lg">
      <Facts
        facts={[
          ["Name", type.name],
          ["Kind", `${kindWord(type.executionModel)}. ${kindAbout(type.executionModel)}`],
          ["Version", type.version],
          ["Origin", originWord(type.origin)],
          ["Can be used here", notInstalled(type) || "Yes"],
          ["Category", type.category],
          ["Tags", type.tags.join(", ")],
          ["Changed", type.updated && <Ago at={type.updated} />],
          ["Warnings", type.warnings.join(" ")],
        ]}
      />
      <div>
        <Title order={2} size="h4">
          Connectors of this type
        </Title>
        {connectors.length === 0 ? (
          <Text size="sm" c="dimmed">
            There is none yet.
          </Text>
        ) : (
          <List size="sm">
            {connectors.map((each) => (
              <List.Item key={`${each.namespace}/${each.name}`}>
                <Link to={pageOf(each)}>
                  {each.namespace}/{each.name}
                </Link>
              </List.Item>
            ))}
          </List>
        )}
      </div>
    </Stack>
  );
}
