/** Editor and test run beside each other, with what is not saved yet. */

import { Button, Collapse, Grid, Group, Stack, Text, Title } from "@mantine/core";
import { IconDeviceFloppy, IconListDetails } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import type { ConfigSchema } from "~/api/connectors";
import { asProblem } from "~/api/problem";
import type { Limits } from "~/api/catalogue";
import type { Connector } from "~/api/types";
import { useRefusal } from "~/app/session/session";
import { CopyAs } from "~/shared/copy/CopyAs";
import { UnsavedGuard } from "~/shared/dialog/UnsavedGuard";
import type { Values } from "~/shared/form/SchemaForm";
import { defaultsOf } from "~/shared/form/schema";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { lineOf } from "~/shared/trial/explain";
import { firstOf, TryPanel } from "~/shared/trial/TryPanel";
import { useTrying } from "~/shared/trial/useTrying";
import { CommandsTable } from "./CommandsTable";
import { functionsOf } from "./functions";
import { rowsOf, type CommandRow } from "./rows";
import { SaveProblem } from "~/shared/definition/SaveProblem";
import { ScriptEditor } from "./ScriptEditor";
import { snippetsOf } from "./snippets";
import { SecretsForTrial } from "./SecretsForTrial";
import { changesOf, commandsWith, trialBody } from "./bodies";
import { useSave } from "~/shared/definition/useSave";

export function ScriptWork({
  connector,
  schema,
  saved,
  version,
  limits,
}: {
  connector: Connector;
  schema: ConfigSchema;
  /** The script that the server has, and its version. */
  saved: string;
  version: string;
  limits?: Limits;
}) {
  const [source, setSource] = useState(saved);
  const [rows, setRows] = useState<CommandRow[] | null>(null);
  const [secrets, setSecrets] = useState<Values>({});
  const [params, setParams] = useState<Record<string, Values>>({});
  const commands = useMemo(() => (rows === null ? schema.commands : commandsWith(rows, schema.commands)), [rows, schema.commands]);
  const [picked, setPicked] = useState("");
  const chosen = picked in commands ? picked : firstOf(commands);
  const trying = useTrying();
  const save = useSave(connector, () => setRows(null));
  const denied = useRefusal("manage");
  const refusal = connector.stored ? denied : "This connector comes from a file or a program, and is changed there.";
  const dirty = source !== saved || rows !== null;
  const changes = changesOf({ source, rows, connector, schema });
  const write = (autoBump = false) => dirty && refusal === "" && save.mutate({ ...changes, ...(autoBump ? { autoBump: true } : {}) });
  const run = () =>
    trying.mutate({
      connector: trialBody({ connector, schema, changes, source, secrets, limits }),
      command: chosen,
      params: params[chosen] ?? defaultsOf(commands[chosen]?.params ?? {}),
    });
  const faults = useMemo(() => {
    const place = trying.data && !trying.data.success ? lineOf(trying.data) : null;
    const ofTrial = place ? [{ pointer: "/scriptSource", message: trying.data?.error ?? "It failed here.", ...place }] : [];
    return [trying.error, save.error].flatMap((each) => (each ? asProblem(each).errors : [])).concat(ofTrial);
  }, [trying.error, trying.data, save.error]);
  const [listed, setListed] = useState(false);
  return (
    <Stack gap="sm">
      <UnsavedGuard dirty={dirty} />
      <Group justify="space-between">
        <Text size="sm" c="dimmed" role="status">
          {dirty ? "Changed, not saved." : `As saved, version ${version}.`}
        </Text>
        <Group gap="xs">
          <Button size="xs" variant="default" leftSection={<IconListDetails size={14} aria-hidden />} aria-expanded={listed} onClick={() => setListed(!listed)}>
            Commands
          </Button>
          <CopyAs snippets={snippetsOf(connector, changes)} />
          <RefusedButton size="xs" refusal={refusal} disabled={!dirty && !refusal} loading={save.isPending} leftSection={<IconDeviceFloppy size={14} aria-hidden />} onClick={() => write()}>
            Save as a new version
          </RefusedButton>
        </Group>
      </Group>
      <SaveProblem error={save.error} retry={() => write()} bump={() => write(true)} connector={connector} />
      <Collapse expanded={listed}>
        <CommandsTable rows={rows ?? rowsOf(schema.commands)} functions={functionsOf(source)} onChange={setRows} />
      </Collapse>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <ScriptEditor
            value={source}
            onChange={setSource}
            fields={Object.keys(schema.connectionConfig)}
            params={Object.values(commands).flatMap((each) => Object.keys(each.params.properties ?? {}))}
            faults={faults}
            onRun={run}
            onSave={() => write()}
            readOnly={refusal !== ""}
          />
          <Text size="xs" c="dimmed" mt={4}>
            Ctrl+Enter runs what stands here, Ctrl+S saves it, Esc and then Tab leaves the editor.
          </Text>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <Title order={2} size="h4" mb="xs">
            Test run
          </Title>
          <SecretsForTrial connector={connector} schema={schema} value={secrets} onChange={setSecrets} />
          <TryPanel
            commands={commands}
            trying={trying}
            chosen={chosen}
            choose={setPicked}
            params={params}
            setParams={(command, values) => setParams({ ...params, [command]: values })}
            run={run}
            limits={limits}
          />
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
