/** A command as a language model is told of it. */

import { Stack, Text, Title } from "@mantine/core";
import type { Command } from "~/api/connectors";
import type { Connector } from "~/api/types";
import { choiceOf } from "~/shared/choice/choice";
import { ToolSeen } from "~/shared/tools/ToolSeen";

export function ModelView({ connector, name, command }: { connector: Connector; name: string; command: Command }) {
  return (
    <Stack gap="sm" component="section" aria-label="What the model sees">
      <Title order={3} size="h5">
        What the model sees
      </Title>
      {!command.tool ? (
        <Text size="sm">The author of this command keeps it from models: it is no tool.</Text>
      ) : !connector.enabled ? (
        <Text size="sm">This connector is disabled, so a model sees none of its commands.</Text>
      ) : (
        <ToolSeen choice={choiceOf({ connector: `${connector.namespace}/${connector.name}`, command: name })} />
      )}
    </Stack>
  );
}
