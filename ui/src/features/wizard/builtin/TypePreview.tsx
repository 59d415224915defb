/** What a type takes and does, before a connector is made of it. */

import { Code, List, Paper, Stack, Text, Title } from "@mantine/core";
import { asProblem } from "~/api/problem";
import type { ConnectorType } from "~/api/types";
import { Failed } from "~/shared/state/Failed";
import { FormSkeleton } from "~/shared/state/Loading";
import type { Definition } from "../definition";

export function TypePreview({ type, definition }: { type: ConnectorType | undefined; definition: Definition }) {
  if (type === undefined) {
    return (
      <Paper withBorder p="md">
        <Text size="sm" c="dimmed">
          Choose a type to see what it takes and does.
        </Text>
      </Paper>
    );
  }
  return (
    <Paper withBorder p="md" component="section" aria-label={`About ${type.name}`}>
      <Stack gap="sm">
        <div>
          <Title order={3} size="h5">
            {type.displayName || type.name}
          </Title>
          <Text size="xs" c="dimmed">
            {type.name}, version {type.version}
            {type.category && `, ${type.category}`}
          </Text>
        </div>
        <Text size="sm" style={{ whiteSpace: "pre-line" }}>
          {type.description}
        </Text>
        {definition.error ? (
          <Failed problem={asProblem(definition.error)} retry={definition.retry} />
        ) : definition.data === undefined ? (
          <FormSkeleton fields={2} />
        ) : (
          <>
            <Fields fields={definition.data.fields} />
            <Commands commands={definition.data.commands} />
          </>
        )}
      </Stack>
    </Paper>
  );
}

type Data = NonNullable<Definition["data"]>;

function Fields({ fields }: { fields: Data["fields"] }) {
  const all = Object.entries(fields);
  return (
    <div>
      <Title order={4} size="sm">
        Connection
      </Title>
      {all.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing has to be filled in.
        </Text>
      ) : (
        <List size="sm">
          {all.map(([name, field]) => (
            <List.Item key={name}>
              <Code>{name}</Code> {field.required ? "(required)" : ""} {field.secret ? "(secret)" : ""} {field.description}
            </List.Item>
          ))}
        </List>
      )}
    </div>
  );
}

const SHOWN = 30;

function Commands({ commands }: { commands: Data["commands"] }) {
  const all = Object.entries(commands);
  return (
    <div>
      <Title order={4} size="sm">
        Commands
      </Title>
      <List size="sm">
        {all.slice(0, SHOWN).map(([name, command]) => (
          <List.Item key={name}>
            <Code>{name}</Code> {command.description.split("\n")[0]}
          </List.Item>
        ))}
      </List>
      {all.length > SHOWN && (
        <Text size="sm" c="dimmed">
          and {all.length - SHOWN} more
        </Text>
      )}
    </div>
  );
}
