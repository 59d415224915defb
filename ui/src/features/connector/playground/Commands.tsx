/** The commands of a connector, and a place to run them. */

import { Grid, Select, Text } from "@mantine/core";
import { useRef } from "react";
import { configSchemaOf } from "~/api/connectors";
import type { Connector } from "~/api/types";
import { useUrlSearch } from "~/shared/url/useUrlState";
import { CommandList } from "./CommandList";
import type { Input } from "./input";
import { Playground } from "./Playground";

export default function Commands({ connector }: { connector: Connector }) {
  const [search, change] = useUrlSearch();
  const inputs = useRef(new Map<string, Input>());
  const { commands } = configSchemaOf(connector);
  const names = Object.keys(commands);
  const first = names.find((each) => !commands[each]?.deprecated) ?? names[0];
  const name = search.command && Object.hasOwn(commands, search.command) ? search.command : first;
  const command = name === undefined ? undefined : commands[name];
  if (name === undefined || command === undefined) {
    return <Text c="dimmed">{connector.executionModel ? "It has no commands." : "Its type is not installed on this server, so its commands are not known."}</Text>;
  }
  const choose = (next: string) => change({ command: next, from: "", compare: "" }, { push: true });
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, md: 3 }}>
        <Select
          hiddenFrom="md"
          label="Command"
          data={names}
          value={name}
          onChange={(next) => next && choose(next)}
          searchable
          allowDeselect={false}
          limit={100}
        />
        <CommandList connector={connector} commands={commands} current={name} />
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 9 }}>
        {search.command && search.command !== name && (
          <Text size="sm" role="status" mb="xs">
            There is no command {search.command}. This is {name}.
          </Text>
        )}
        <Playground key={name} connector={connector} name={name} command={command} inputs={inputs.current} />
      </Grid.Col>
    </Grid>
  );
}
