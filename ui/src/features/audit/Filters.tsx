/** The fields that narrow the audit log; what is in them stands in the address. */

import { Button, Group, Select, TextInput } from "@mantine/core";
import { IconFilterOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { usersQuery } from "~/api/people";
import { TypedFilter } from "~/shared/filter/TypedFilter";
import { useUrlSearch, type Search } from "~/shared/url/useUrlState";

export const FILTERS = ["actor", "action", "resource", "resourceId", "verdict", "since", "until"] as const;
export const NONE: Search = Object.fromEntries(FILTERS.map((name) => [name, ""]));

const RESOURCES = ["connector", "type", "secret", "user", "token", "session", "settings", "key"];
const ACTIONS = [
  ...["create", "update", "delete", "restore"].map((verb) => `connector.${verb}`),
  ...["create", "update", "delete"].map((verb) => `secret.${verb}`),
  ...["create", "delete", "disable", "enable"].map((verb) => `user.${verb}`),
  "token.create",
  "token.revoke",
  "session.create",
];

export function filtersOf(search: Search): Record<string, string> {
  return Object.fromEntries(FILTERS.flatMap((name) => (search[name] ? [[name, search[name]]] : [])));
}

export function Filters() {
  const [search, change] = useUrlSearch();
  const { data: users = [] } = useQuery(usersQuery());
  return (
    <Group gap="xs" align="flex-end">
      <TypedFilter label="Who" name="actor" data={users.map((each) => each.name)} first width={130} />
      <TypedFilter label="What" name="action" data={ACTIONS} width={130} />
      <TypedFilter label="Kind" name="resource" data={RESOURCES} width={130} />
      <TypedFilter label="Name or id" name="resourceId" data={[]} width={130} />
      <Select
        label="Verdict"
        placeholder="Any"
        w={{ base: "100%", xs: 110 }}
        clearable
        clearButtonProps={{ "aria-label": "Any verdict" }}
        data={[
          { value: "done", label: "Done" },
          { value: "denied", label: "Denied" },
        ]}
        value={search.verdict ?? null}
        onChange={(value) => change({ verdict: value ?? "" })}
      />
      <Day label="From" name="since" />
      <Day label="Before" name="until" />
      {Object.keys(filtersOf(search)).length > 0 && (
        <Button variant="subtle" leftSection={<IconFilterOff size={16} aria-hidden />} onClick={() => change(NONE)}>
          Clear
        </Button>
      )}
    </Group>
  );
}

/** A day of the person's own zone, which begins at midnight. */
function Day({ label, name }: { label: string; name: "since" | "until" }) {
  const [search, change] = useUrlSearch();
  const at = search[name] ? new Date(search[name]) : null;
  const shown = at && !Number.isNaN(at.getTime()) ? new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 10) : "";
  return (
    <TextInput
      label={label}
      type="date"
      w={{ base: "100%", xs: 140 }}
      value={shown}
      onChange={(event) => change({ [name]: event.currentTarget.value ? new Date(`${event.currentTarget.value}T00:00`).toISOString() : "" })}
    />
  );
}
