/** Connectors that were begun and not created: to go on with, or to throw away. */

import { Anchor, Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { deleteDraft, draftsQuery } from "~/api/drafts";
import { asProblem } from "~/api/problem";
import { Failed } from "~/shared/state/Failed";
import { Ago } from "~/shared/time/Ago";

export function DraftList() {
  const client = useQueryClient();
  const drafts = useQuery(draftsQuery());
  const remove = useMutation({ mutationFn: deleteDraft, onSettled: () => client.invalidateQueries({ queryKey: ["drafts"] }) });
  const mine = (drafts.data ?? []).filter((each) => each.kind === "connector");
  if (mine.length === 0) return null;
  return (
    <section aria-labelledby="drafts">
      <Title order={2} size="h4" id="drafts" mb="xs">
        Begun before
      </Title>
      {remove.error && <Failed problem={asProblem(remove.error)} />}
      <Stack gap={6}>
        {mine.map((each) => (
          <Paper key={each.id} withBorder px="sm" py={6}>
            <Group justify="space-between">
              <div>
                <Anchor renderRoot={(props) => <Link to="/connectors/new" search={{ draft: each.id } as never} {...props} />}>{each.name || "Without a name"}</Anchor>
                <Text size="xs" c="dimmed">
                  changed {each.updated ? <Ago at={each.updated} /> : ""}
                </Text>
              </div>
              <Button size="compact-xs" variant="default" onClick={() => remove.mutate(each.id)} aria-label={`Throw away ${each.name || "the draft without a name"}`}>
                Throw away
              </Button>
            </Group>
          </Paper>
        ))}
      </Stack>
    </section>
  );
}
