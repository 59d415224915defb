/** What connectors can be made of. */

import { Badge, Group, Paper, Select, SimpleGrid, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconCategory, IconPlus, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useDeferredValue } from "react";
import { typePage, typesQuery } from "~/api/catalogue";
import type { ConnectorType } from "~/api/types";
import { useRefusal } from "~/app/session/session";
import { CopyAs } from "~/shared/copy/CopyAs";
import { curl } from "~/shared/copy/snippets";
import { ConnectorIcon } from "~/shared/icon/ConnectorIcon";
import { kindAbout, kindWord } from "~/shared/model/words";
import { Page } from "~/shared/page/Page";
import { Answered } from "~/shared/state/Answered";
import { EmptyFiltered, EmptyFirst } from "~/shared/state/Empty";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { useUrlSearch } from "~/shared/url/useUrlState";
import { chosenTypes, firstWords, notInstalled } from "./listing";

export default function TypesPage() {
  const types = useQuery(typesQuery());
  return (
    <Page
      title="Connector types"
      about="What connectors can be made of. A type has the commands; a connector of it has the address and the credentials."
      actions={<CopyAs snippets={SNIPPETS} />}
    >
      <Answered query={types}>{(all) => (all.length === 0 ? <Nothing /> : <Catalogue types={all} />)}</Answered>
    </Page>
  );
}

const SNIPPETS = [
  curl({ method: "GET", path: "/api/connector-types" }),
  {
    name: "Python",
    text: [
      "# JACKFIELD_URL and JACKFIELD_TOKEN say which server, and as whom",
      "from jackfield import Jackfield",
      "",
      "with Jackfield() as jackfield:",
      "    for each in jackfield.manage.types.list():",
      "        print(each.name, each.version)",
    ].join("\n"),
  },
  { name: "Command line", text: "jackfield types" },
];

function Nothing() {
  return (
    <EmptyFirst icon={IconCategory} title="There are no connector types">
      Types come with installed packages, from files, or are made together with a connector: of a script, an OpenAPI document, or a list of operations.
    </EmptyFirst>
  );
}

function Catalogue({ types }: { types: readonly ConnectorType[] }) {
  const [search, change] = useUrlSearch();
  const { q = "", category = "", kind = "" } = search;
  const asked = useDeferredValue(q);
  const shown = chosenTypes(types, asked, category, kind);
  const categories = [...new Set(types.map((each) => each.category).filter(Boolean))].sort();
  const kinds = [...new Set(types.map((each) => each.executionModel))].sort();
  return (
    <>
      <Group gap="xs" align="flex-end">
        <TextInput
          label="Search"
          placeholder="Names, descriptions, commands"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={q}
          onChange={(event) => change({ q: event.currentTarget.value })}
          data-search
          style={{ flex: "1 1 240px", maxWidth: 420 }}
        />
        <Select label="Kind" placeholder="All" clearable data={kinds.map((each) => ({ value: each, label: kindWord(each) }))} value={kind || null} onChange={(value) => change({ kind: value ?? "" })} w={160} />
        {categories.length > 1 && (
          <Select label="Category" placeholder="All" clearable data={categories} value={category || null} onChange={(value) => change({ category: value ?? "" })} w={180} />
        )}
      </Group>
      {shown.length === 0 ? (
        <EmptyFiltered what="type" clear={() => change({ q: "", category: "", kind: "" })} />
      ) : (
        <SimpleGrid cols={{ base: 1, sm: 2, xl: 3 }} spacing="sm">
          {shown.map((each) => (
            <TypeCard key={each.name} type={each} />
          ))}
        </SimpleGrid>
      )}
    </>
  );
}

function TypeCard({ type }: { type: ConnectorType }) {
  const refusal = useRefusal("manage") || notInstalled(type);
  return (
    <Paper withBorder p="md" component="article">
      <Stack gap="xs" h="100%">
        <Group gap="sm" wrap="nowrap" align="flex-start">
          <ConnectorIcon name={type.name} svg={type.icon} size={36} />
          <div style={{ minWidth: 0 }}>
            <Title order={2} size="h5">
              <Link to={typePage(type.name)}>{type.displayName || type.name}</Link>
            </Title>
            <Text size="xs" c="dimmed" title={kindAbout(type.executionModel)}>
              {kindWord(type.executionModel)} · {type.version} · {type.commands.length} {type.commands.length === 1 ? "command" : "commands"}
            </Text>
          </div>
        </Group>
        <Text size="sm" lineClamp={3} style={{ flex: 1 }}>
          {firstWords(type.description)}
        </Text>
        <Group gap={6}>
          {[type.category, ...type.tags].filter(Boolean).map((each) => (
            <Badge key={each} size="sm" variant="default" tt="none">
              {each}
            </Badge>
          ))}
          {!type.installed && (
            <Badge size="sm" variant="outline" color="orange" autoContrast tt="none">
              Not installed
            </Badge>
          )}
        </Group>
        <RefusedButton
          size="xs"
          variant="default"
          refusal={refusal}
          leftSection={<IconPlus size={14} aria-hidden />}
          link={`/connectors/new?kind=built_in&type=${encodeURIComponent(type.name)}`}
          style={{ alignSelf: "flex-start" }}
          aria-label={`New connector of this type, ${type.displayName || type.name}`}
        >
          New connector of this type
        </RefusedButton>
      </Stack>
    </Paper>
  );
}
