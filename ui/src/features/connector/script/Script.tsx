/** The source of a script connector. */

import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { typeQuery } from "~/api/catalogue";
import type { Connector } from "~/api/types";
import { CodeEditor } from "~/shared/code/CodeEditor";
import { Answered } from "~/shared/state/Answered";
import { scriptOf } from "~/shared/versions/parts";

export default function Script({ connector }: { connector: Connector }) {
  const type = useQuery(typeQuery(connector.type));
  return (
    <Answered query={type}>
      {({ definition }) => {
        const source = scriptOf(definition);
        return source === null ? (
          <Text c="dimmed">The source of this script is not kept here.</Text>
        ) : (
          <Stack gap="xs">
            <Text size="sm" c="dimmed">
              {source.split("\n").length} lines.
            </Text>
            <CodeEditor label="Source" language="javascript" value={source} readOnly maxHeight={640} />
          </Stack>
        );
      }}
    </Answered>
  );
}
