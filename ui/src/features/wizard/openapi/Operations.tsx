/** Which operations become commands: filters, the tree, the one that is looked at, and what all of it costs. */

import { Alert, Button, Checkbox, Grid, Group, Select, Stack, Switch, Text, TextInput, Title } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useDeferredValue, useMemo, useState } from "react";
import type { ParsedDocument } from "~/api/openapiImport";
import { EmptyFiltered } from "~/shared/state/Empty";
import { useUrlSearch } from "~/shared/url/useUrlState";
import type { Draft } from "../draft";
import { MANY_TOOLS, short, tokensByName } from "./budget";
import { OperationDetails } from "./OperationDetails";
import { OperationTree } from "./OperationTree";
import { selectedOf } from "./parsing";
import { filtered, tagOf, treeRows } from "./rows";

export function Operations({ parsed, openapi, set }: { parsed: ParsedDocument; openapi: Draft["openapi"]; set: (part: Partial<Draft["openapi"]>) => void }) {
  const [search, change] = useUrlSearch();
  const { q = "", tag = "", method = "", reads = "" } = search;
  const text = useDeferredValue(q);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState("");
  const tokens = useMemo(() => tokensByName(parsed), [parsed]);
  const chosen = useMemo(() => new Set(selectedOf(openapi, parsed)), [openapi, parsed]);
  const shown = useMemo(
    () => filtered(parsed.commands, { text, tag, method, readsOnly: reads === "1" }),
    [parsed.commands, text, tag, method, reads],
  );
  const rows = useMemo(() => treeRows(shown, closed), [shown, closed]);
  const tags = useMemo(() => [...new Set(parsed.commands.map(tagOf))].sort(), [parsed.commands]);
  const methods = useMemo(() => [...new Set(parsed.commands.map((each) => each.method))], [parsed.commands]);
  const choose = (names: readonly string[], on: boolean) => {
    const next = new Set(chosen);
    for (const name of names) if (on) next.add(name);
    else next.delete(name);
    set({ selected: parsed.commands.map((each) => each.name).filter((name) => next.has(name)) });
  };
  const names = shown.map((each) => each.name);
  const operation = parsed.commands.find((each) => each.name === active);
  const isFiltered = Boolean(q || tag || method || reads);
  return (
    <Stack gap="sm" component="section" aria-labelledby="operations">
      <Title order={2} size="h4" id="operations">
        Commands
      </Title>
      <Group gap="sm" align="flex-end">
        <TextInput
          label="Search"
          placeholder="words, or /a regular expression/"
          leftSection={<IconSearch size={14} aria-hidden />}
          data-search
          value={q}
          onChange={(event) => change({ q: event.currentTarget.value })}
          style={{ flex: "2 1 200px" }}
        />
        <Select label="Tag" data={tags} value={tag || null} clearable searchable placeholder="all" onChange={(value) => change({ tag: value ?? "" })} style={{ flex: "1 1 140px" }} clearButtonProps={{ "aria-label": "All tags" }} />
        <Select label="Method" data={methods} value={method || null} clearable placeholder="all" onChange={(value) => change({ method: value ?? "" })} w={120} clearButtonProps={{ "aria-label": "All methods" }} />
        <Switch label="Only reads" checked={reads === "1"} onChange={(event) => change({ reads: event.currentTarget.checked ? "1" : "" })} mb={8} />
      </Group>
      <Group gap="xs">
        <Button size="xs" variant="default" onClick={() => choose(names, true)}>
          Select all{isFiltered ? " shown" : ""}
        </Button>
        <Button size="xs" variant="default" onClick={() => choose(names, false)}>
          Select none{isFiltered ? " shown" : ""}
        </Button>
        <Button size="xs" variant="default" onClick={() => set({ selected: parsed.commands.filter((each) => each.readsOnly).map((each) => each.name) })}>
          Select only reads
        </Button>
        <Text size="xs" c="dimmed">
          In the list: arrows move, Space selects, a all, n none.
        </Text>
      </Group>
      <Budget parsed={parsed} chosen={chosen} tokens={tokens} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 7 }}>
          {rows.length === 0 ? (
            <EmptyFiltered what="operation" clear={() => change({ q: "", tag: "", method: "", reads: "" })} />
          ) : (
            <OperationTree
              rows={rows}
              chosen={chosen}
              names={openapi.names}
              tokens={tokens}
              closed={closed}
              active={active}
              onActive={setActive}
              onChoose={choose}
              onAll={(on) => choose(names, on)}
              onClose={(which, on) => setClosed((before) => new Set(on ? [...before, which] : [...before].filter((each) => each !== which)))}
            />
          )}
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <OperationDetails
            operation={operation}
            parsed={parsed}
            names={openapi.names}
            tokens={operation ? (tokens.get(operation.name) ?? 0) : 0}
            rename={(name, other) => set({ names: { ...openapi.names, [name]: other } })}
            canRename={!openapi.asScript}
          />
        </Grid.Col>
      </Grid>
      <Checkbox
        label="Export as a script to edit"
        description="The connector becomes JavaScript that sends the same requests. A later import of the document changes nothing of it."
        checked={openapi.asScript}
        onChange={(event) => set({ asScript: event.currentTarget.checked })}
      />
    </Stack>
  );
}

function Budget({ parsed, chosen, tokens }: { parsed: ParsedDocument; chosen: ReadonlySet<string>; tokens: ReadonlyMap<string, number> }) {
  const sum = [...chosen].reduce((all, name) => all + (tokens.get(name) ?? 0), 0);
  const deletes = parsed.commands.filter((each) => each.destructive);
  const off = deletes.filter((each) => !chosen.has(each.name)).length;
  return (
    <div role="status">
      <Text size="sm">
        <b>{chosen.size.toLocaleString("en")}</b> {chosen.size === 1 ? "tool" : "tools"}, about <b>{short(sum)}</b> tokens (an estimate)
        {off > 0 && `. ${off} that ${off === 1 ? "deletes or overwrites is" : "delete or overwrite are"} off.`}
      </Text>
      {chosen.size > MANY_TOOLS && (
        <Alert color="yellow" py="xs" mt="xs">
          Models choose badly among more than {MANY_TOOLS} tools. Select those that are needed; others can be imported later.
        </Alert>
      )}
    </div>
  );
}
