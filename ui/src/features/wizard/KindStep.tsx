/** The first question: of what kind it is. */

import { Badge, Group, Paper, SimpleGrid, Text, ThemeIcon, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import classes from "./KindStep.module.css";
import { KINDS, type Kind, type KindCard } from "./kinds";

export function KindStep({ chosen, draft }: { chosen: Kind | null; draft?: string }) {
  return (
    <section aria-labelledby="kinds">
      <Title order={2} size="h4" id="kinds" mb="sm">
        How do you want to connect?
      </Title>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} component="ul" className={classes.list}>
        {KINDS.map((each) => (
          <li key={each.kind}>
            {each.later ? (
              <Card card={each} />
            ) : (
              <Link
                to="/connectors/new"
                search={{ kind: each.kind, step: "source", ...(chosen === each.kind ? { draft } : {}) } as never}
                className={classes.link}
                aria-current={chosen === each.kind ? "true" : undefined}
              >
                <Card card={each} chosen={chosen === each.kind} />
              </Link>
            )}
          </li>
        ))}
      </SimpleGrid>
    </section>
  );
}

function Card({ card: { title, when, icon: Icon, later }, chosen = false }: { card: KindCard; chosen?: boolean }) {
  return (
    <Paper withBorder p="md" h="100%" className={classes.card} data-later={later || undefined} data-chosen={chosen || undefined}>
      <Group gap="sm" mb={6} wrap="nowrap">
        <ThemeIcon variant="light" color={later ? "gray" : undefined} size={34}>
          <Icon size={20} stroke={1.7} aria-hidden />
        </ThemeIcon>
        <Text fw={600}>{title}</Text>
      </Group>
      <Text size="sm" c="dimmed">
        {when}
      </Text>
      {later && (
        <Badge variant="default" tt="none" mt="xs">
          Not there yet
        </Badge>
      )}
    </Paper>
  );
}
