/** What the server runs with, and where each setting comes from. */

import { Group, Select, Stack, TextInput, Title } from "@mantine/core";
import { IconSearch, IconSettings } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { settingsQuery, type SettingsShown } from "~/api/settings";
import { useSession } from "~/app/session/session";
import { CopyAs } from "~/shared/copy/CopyAs";
import { curl } from "~/shared/copy/snippets";
import { Page } from "~/shared/page/Page";
import { Answered } from "~/shared/state/Answered";
import { EmptyFiltered, EmptyFirst } from "~/shared/state/Empty";
import { FormSkeleton } from "~/shared/state/Loading";
import { NeedsAdministrator } from "~/shared/state/NeedsAdministrator";
import { useUrlSearch } from "~/shared/url/useUrlState";
import { About } from "./About";
import { grouped, kindOf, told } from "./groups";
import { PlatformApps } from "./PlatformApps";
import { Row } from "./Row";

const SNIPPETS = [curl({ method: "GET", path: "/api/settings" }), { name: "Command line", text: "jackfield settings" }];
const SOURCES = [
  { value: "set", label: "All but defaults" },
  { value: "file", label: "Settings file" },
  { value: "environment", label: "Environment" },
  { value: "argument", label: "Arguments" },
  { value: "default", label: "Defaults" },
];

export default function SettingsPage() {
  const { admin } = useSession();
  const query = useQuery({ ...settingsQuery(), enabled: admin });
  return (
    <Page
      title="Settings"
      about="Read here, and changed where they were given: in the environment, the settings file or the line that starts the server."
      actions={<CopyAs snippets={SNIPPETS} />}
    >
      {admin ? (
        <Answered query={query} skeleton={<FormSkeleton fields={6} />}>
          {(shown) => <Shown {...shown} />}
        </Answered>
      ) : (
        <NeedsAdministrator what="the settings" />
      )}
    </Page>
  );
}

function Shown({ settings, about }: SettingsShown) {
  const [search, change] = useUrlSearch();
  const words = (search.q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const from = search.source ?? "";
  const shown = settings.filter((each) => {
    const kind = kindOf(each.source);
    const text = `${each.name} ${each.variable} ${each.description} ${each.secret ? "" : told(each.value)}`.toLowerCase();
    return (!from || (from === "set" ? kind !== "default" : kind === from)) && words.every((word) => text.includes(word));
  });
  if (settings.length === 0) {
    return (
      <EmptyFirst icon={IconSettings} title="There is nothing to show">
        This server tells no settings.
      </EmptyFirst>
    );
  }
  return (
    <Stack gap="md">
      <About about={about} />
      <PlatformApps />
      <Group gap="xs">
        <TextInput
          aria-label="Search settings"
          placeholder="Search"
          w={{ base: "100%", xs: 260 }}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search.q ?? ""}
          onChange={(event) => change({ q: event.currentTarget.value })}
          data-search
        />
        <Select
          aria-label="Where they come from"
          placeholder="From anywhere"
          w={{ base: "100%", xs: 200 }}
          clearable
          clearButtonProps={{ "aria-label": "From anywhere" }}
          data={SOURCES}
          value={from || null}
          onChange={(value) => change({ source: value ?? "" })}
        />
      </Group>
      {shown.length === 0 ? (
        <EmptyFiltered what="setting" clear={() => change({ q: "", source: "" })} />
      ) : (
        grouped(shown).map(([name, members]) => (
          <section key={name} aria-label={name}>
            <Title order={2} size="h4" mb="xs">
              {name}
            </Title>
            {members.map((each) => (
              <Row key={each.name} setting={each} />
            ))}
          </section>
        ))
      )}
    </Stack>
  );
}
