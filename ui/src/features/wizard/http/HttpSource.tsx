/** YAML on the left, the request that it makes on the right. */

import { Alert, Grid, List, Stack, Text, Title } from "@mantine/core";
import { useMemo } from "react";
import { asProblem } from "~/api/problem";
import { CodeEditor } from "~/shared/code/CodeEditor";
import { Failed } from "~/shared/state/Failed";
import type { SourceProps } from "../SourceStep";
import { faultsNamed, marksOf, yamlFault, yamlObject } from "~/shared/yaml/document";
import { RequestPreview } from "./RequestPreview";

export default function HttpSource({ draft, change, definition }: SourceProps) {
  const { yaml } = draft.http;
  const fault = useMemo(() => yamlFault(yaml), [yaml]);
  const problem = definition.error && !fault ? asProblem(definition.error) : null;
  const marks = useMemo(() => (fault ? [fault] : problem ? marksOf(yaml, problem.errors.length > 0 ? problem.errors : faultsNamed(yaml, problem.message)) : []), [fault, problem, yaml]);
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, lg: 7 }}>
        <Stack gap="xs">
          <Title order={2} size="h4">
            Operations
          </Title>
          <CodeEditor
            label="The connector as YAML"
            language="yaml"
            value={yaml}
            onChange={(typed) => change({ http: { yaml: typed } })}
            marks={marks}
            minHeight={360}
            maxHeight={640}
          />
          {marks.length > 0 ? (
            <Alert color="red" title="This cannot be used yet" role="status">
              <List size="sm">
                {marks.map((each) => (
                  <List.Item key={each.line + each.message}>
                    Line {each.line}: {each.message}
                  </List.Item>
                ))}
                {problem?.hint && <List.Item>{problem.hint}</List.Item>}
              </List>
            </Alert>
          ) : problem ? (
            <Failed problem={problem} retry={problem.status === 422 ? undefined : definition.retry} />
          ) : (
            <Text size="xs" c="dimmed" role="status">
              {definition.pending ? "Checking." : "The server accepts it."} Secrets are filled in at the next step, not here. Esc and then Tab leaves the editor.
            </Text>
          )}
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 5 }}>
        <RequestPreview document={yamlObject(yaml)} definition={definition} draft={draft} change={change} />
      </Grid.Col>
    </Grid>
  );
}
