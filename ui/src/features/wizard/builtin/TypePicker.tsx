/** The types of this server, searched, and what the chosen one takes and does. */

import { Alert, Code, Grid, Paper, Radio, ScrollArea, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconPackage, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { typesQuery } from "~/api/catalogue";
import type { ConnectorType } from "~/api/types";
import { ConnectorIcon } from "~/shared/icon/ConnectorIcon";
import { Answered } from "~/shared/state/Answered";
import { EmptyFiltered, EmptyFirst } from "~/shared/state/Empty";
import { TableSkeleton } from "~/shared/state/Loading";
import { useUrlSearch } from "~/shared/url/useUrlState";
import type { SourceProps } from "../SourceStep";
import { TypePreview } from "./TypePreview";

export default function TypePicker(props: SourceProps) {
  const types = useQuery(typesQuery());
  return (
    <section aria-labelledby="types">
      <Title order={2} size="h4" id="types" mb="sm">
        Connector type
      </Title>
      <Answered query={types} skeleton={<TableSkeleton rows={5} />}>
        {(all) => <Choice {...props} types={all} />}
      </Answered>
    </section>
  );
}

function Choice({ draft, change, definition, types }: SourceProps & { types: readonly ConnectorType[] }) {
  const [{ q = "" }, setSearch] = useUrlSearch();
  const shown = useMemo(() => matching(types, q), [types, q]);
  const chosen = types.find((each) => each.name === draft.type);
  if (types.length === 0) return <NoTypes />;
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, md: 6 }}>
        <Stack gap="sm">
          <TextInput
            label="Search"
            placeholder="a name, a command, what it is for"
            leftSection={<IconSearch size={14} aria-hidden />}
            data-search
            value={q}
            onChange={(event) => setSearch({ q: event.currentTarget.value })}
          />
          {shown.length === 0 ? (
            <EmptyFiltered what="type" clear={() => setSearch({ q: "" })} />
          ) : (
            <ScrollArea.Autosize mah={480} type="auto" viewportProps={{ tabIndex: -1 }}>
              <Radio.Group aria-label="Connector type" value={draft.type} onChange={(type) => change({ type, config: {}, params: {} })}>
                <Stack gap={6}>
                  {shown.map((each) => (
                    <TypeCard key={each.name} type={each} />
                  ))}
                </Stack>
              </Radio.Group>
            </ScrollArea.Autosize>
          )}
          <Text size="xs" c="dimmed">
            A type that is missing comes with a Python package that is installed on the server, or is written as one.
          </Text>
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 6 }}>
        <TypePreview type={chosen} definition={definition} />
      </Grid.Col>
    </Grid>
  );
}

function TypeCard({ type }: { type: ConnectorType }) {
  const usable = type.enabled && type.installed;
  return (
    <Paper withBorder p="sm">
      <Radio
        value={type.name}
        disabled={!usable}
        label={
          <span style={{ display: "flex", gap: 8, alignItems: "center" }}>
            <ConnectorIcon name={type.name} svg={type.icon} size={22} />
            <b>{type.displayName || type.name}</b>
          </span>
        }
        description={usable ? firstLine(type.description) : type.installed ? "It is disabled." : "Its package is not installed on this server."}
      />
    </Paper>
  );
}

function NoTypes() {
  return (
    <EmptyFirst icon={IconPackage} title="This server has no types yet">
      <Stack gap="xs">
        Types come with Python packages. Install one on the server, and start it again.
        <Code block>pip install jackfield-PACKAGE</Code>
        <Alert color="gray" py="xs" ta="left">
          Or go back and choose a script, an OpenAPI document or declarative HTTP: these need no package.
        </Alert>
      </Stack>
    </EmptyFirst>
  );
}

function matching(types: readonly ConnectorType[], text: string): ConnectorType[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const told = (each: ConnectorType) => [each.name, each.displayName, each.description, each.category, ...each.tags, ...each.commands].join(" ").toLowerCase();
  return types.filter((each) => words.every((word) => told(each).includes(word)));
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}
