/** What runs here. */

import { Paper, SimpleGrid, Text, Title } from "@mantine/core";
import { JsonView } from "~/shared/json/JsonView";
import { Ago } from "~/shared/time/Ago";
import { told } from "./groups";

const LABELS: Record<string, string> = {
  version: "Jackfield",
  python: "Python",
  database: "Database",
  started: "Started",
  data: "Data folder",
  types: "Connector types",
  connectors: "Connectors",
};

export function About({ about }: { about: Record<string, unknown> }) {
  const { sandbox, ...facts } = about;
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="about">
      <Title order={2} size="h4" id="about" mb="xs">
        About
      </Title>
      <SimpleGrid component="dl" cols={{ base: 1, xs: 2, md: 4 }} spacing="sm" m={0}>
        {Object.entries(facts).map(([name, value]) => (
          <div key={name} style={{ minWidth: 0 }}>
            <Text component="dt" size="xs" c="dimmed">
              {LABELS[name] ?? name}
            </Text>
            <Text component="dd" size="sm" m={0}>
              {name === "started" && typeof value === "string" ? <Ago at={value} /> : told(value)}
            </Text>
          </div>
        ))}
      </SimpleGrid>
      <Title order={3} size="h5" mt="sm">
        Sandbox of scripts
      </Title>
      {sandbox ? <JsonView label="Sandbox of scripts" value={sandbox} maxHeight={220} /> : <Text size="sm">No script has run since the start.</Text>}
    </Paper>
  );
}
