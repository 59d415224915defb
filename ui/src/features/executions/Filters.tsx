/** The fields that narrow the list of calls; what is in them stands in the address. */

import { Button, Collapse, Group, Select, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { IconAdjustmentsHorizontal, IconFilterOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { configSchemaOf, connectorsQuery } from "~/api/connectors";
import { STATUSES } from "~/api/executions";
import { usersQuery } from "~/api/people";
import { useSession } from "~/app/session/session";
import { TypedFilter } from "~/shared/filter/TypedFilter";
import { useUrlSearch } from "~/shared/url/useUrlState";
import { filtersOf, fromField, NONE, toField, TRIGGERS } from "./filters";

const WORDS: Record<string, string> = {
  PENDING: "Pending",
  RUNNING: "Running",
  AWAITING_INPUT: "Waits for input",
  COMPLETED: "Completed",
  FAILED: "Failed",
  CANCELLED: "Cancelled",
  UNKNOWN_OUTCOME: "Outcome unknown",
};

export function Filters() {
  const [search, change] = useUrlSearch();
  const { admin } = useSession();
  const filters = filtersOf(search);
  const { data: connectors = [] } = useQuery(connectorsQuery());
  const { data: users = [] } = useQuery({ ...usersQuery(), enabled: admin });
  const [more, setMore] = useState(Boolean(search.caller || search.runId || search.since || search.until));
  const named = connectors.find((each) => search.connector === `${each.namespace}/${each.name}` || search.connector === each.name);
  const commands = named ? Object.keys(configSchemaOf(named).commands) : [];
  return (
    <Stack gap="xs">
      <Group gap="xs" align="flex-end">
        <TypedFilter label="Connector" name="connector" data={connectors.map((each) => `${each.namespace}/${each.name}`)} first />
        <TypedFilter label="Command" name="command" data={commands} />
        <Select
          label="Status"
          size="sm"
          w={{ base: "100%", xs: 160 }}
          clearable
          clearButtonProps={{ "aria-label": "Any status" }}
          placeholder="Any"
          data={STATUSES.map((value) => ({ value, label: WORDS[value] as string }))}
          value={search.status ?? null}
          onChange={(value) => change({ status: value ?? "" })}
        />
        <Select
          label="Started by"
          size="sm"
          w={{ base: "100%", xs: 140 }}
          clearable
          clearButtonProps={{ "aria-label": "Started by anything" }}
          placeholder="Anything"
          data={TRIGGERS}
          value={search.trigger ?? null}
          onChange={(value) => change({ trigger: value ?? "" })}
        />
        <Button
          variant="default"
          leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden />}
          aria-expanded={more}
          onClick={() => setMore(!more)}
        >
          More
        </Button>
        {Object.keys(filters).length > 0 && (
          <Button variant="subtle" leftSection={<IconFilterOff size={16} aria-hidden />} onClick={() => change(NONE)}>
            Clear
          </Button>
        )}
      </Group>
      <Collapse expanded={more}>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="xs">
          {admin && (
            <Select
              label="Caller"
              placeholder="Anybody"
              clearable
              clearButtonProps={{ "aria-label": "Any caller" }}
              searchable
              data={users.map((each) => ({ value: each.id, label: each.name }))}
              value={search.caller ?? null}
              onChange={(value) => change({ caller: value ?? "" })}
            />
          )}
          <TypedFilter label="Run" name="runId" data={[]} width="100%" />
          <TextInput
            label="From"
            type="datetime-local"
            value={toField(search.since)}
            onChange={(event) => change({ since: fromField(event.currentTarget.value) })}
          />
          <TextInput
            label="Before"
            type="datetime-local"
            value={toField(search.until)}
            onChange={(event) => change({ until: fromField(event.currentTarget.value) })}
          />
        </SimpleGrid>
      </Collapse>
    </Stack>
  );
}
