/** Takes the secrets of an `.env` file. Names are shown before; values never are. */

import { Alert, Button, FileButton, Group, List, ScrollArea, SegmentedControl, Stack, Table, Text, Textarea } from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { asProblem } from "~/api/problem";
import { changeSecret, type Visibility } from "~/api/secrets";
import type { Secret } from "~/api/types";
import { FormDialog } from "~/shared/dialog/FormDialog";
import { entriesOf, type Entry } from "./env";

interface Report {
  saved: string[];
  failed: { name: string; why: string }[];
}

export function ImportEnv({ secrets, close }: { secrets: readonly Secret[]; close: () => void }) {
  const [text, setText] = useState("");
  const [visibility, setVisibility] = useState<Visibility>("shared");
  const [progress, setProgress] = useState<number | null>(null);
  const [report, setReport] = useState<Report | null>(null);
  const client = useQueryClient();
  const entries = useMemo(() => entriesOf(text), [text]);
  const good = entries.filter((each) => !each.fault);
  const run = async () => {
    const told: Report = { saved: [], failed: [] };
    for (const [at, each] of good.entries()) {
      setProgress(at);
      try {
        await changeSecret(each.name, visibility, { value: each.value });
        told.saved.push(each.name);
      } catch (error) {
        told.failed.push({ name: each.name, why: asProblem(error).message });
      }
    }
    const left = new Set(told.failed.map((each) => each.name));
    setText(good.filter((each) => left.has(each.name)).map((each) => `${each.name}=${JSON.stringify(each.value).replaceAll("$", "\\$")}`).join("\n"));
    setProgress(null);
    setReport(told);
    void client.invalidateQueries({ queryKey: ["secrets"] });
  };
  return (
    <FormDialog title="Import an .env file" size="lg" dirty={text !== ""} close={close}>
      {(leave) => (
        <Stack gap="sm">
          {report && <Told report={report} />}
          <Textarea
            label="Text of the file"
            description="One NAME=value a line. It stays in this browser until you import it."
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autosize
            minRows={4}
            maxRows={8}
            spellCheck={false}
            autoComplete="off"
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", WebkitTextSecurity: "disc" } as React.CSSProperties }}
            data-autofocus
          />
          <Group>
            <FileButton onChange={(file) => void file?.text().then(setText)} accept=".env,text/plain">
              {(props) => (
                <Button {...props} size="xs" variant="default" leftSection={<IconFileImport size={14} aria-hidden />}>
                  Choose a file
                </Button>
              )}
            </FileButton>
            <SegmentedControl
              size="xs"
              aria-label="Who can use them"
              value={visibility}
              onChange={(chosen) => setVisibility(chosen as Visibility)}
              data={[
                { value: "shared", label: "Shared" },
                { value: "private", label: "Private" },
              ]}
            />
          </Group>
          {entries.length > 0 && <Names entries={entries} known={new Set(secrets.filter((each) => each.visibility === visibility).map((each) => each.name))} />}
          <Group justify="flex-end">
            {progress !== null && (
              <Text size="sm" role="status">
                {progress} of {good.length}
              </Text>
            )}
            <Button variant="default" onClick={leave}>
              {report ? "Close" : "Cancel"}
            </Button>
            <Button loading={progress !== null} disabled={good.length === 0} onClick={() => void run()}>
              {good.length === 1 ? "Import 1 secret" : `Import ${good.length} secrets`}
            </Button>
          </Group>
        </Stack>
      )}
    </FormDialog>
  );
}

function Names({ entries, known }: { entries: readonly Entry[]; known: ReadonlySet<string> }) {
  return (
    <ScrollArea.Autosize mah={240} viewportProps={{ tabIndex: 0, role: "region", "aria-label": "What is in the file" }}>
      <Table verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Name</Table.Th>
            <Table.Th scope="col">What happens</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((each) => (
            <Table.Tr key={each.name}>
              <Table.Td>{each.name}</Table.Td>
              <Table.Td c={each.fault ? "var(--mantine-color-error)" : undefined}>
                {each.fault ? `Left out: ${each.fault}` : known.has(each.name) ? "Its value is replaced" : "New"}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  );
}

function Told({ report: { saved, failed } }: { report: Report }) {
  return (
    <Alert color={failed.length > 0 ? "red" : "green"} role="status" title={`${saved.length} kept, ${failed.length} not`}>
      {failed.length > 0 && (
        <List size="sm">
          {failed.map((each) => (
            <List.Item key={each.name}>
              {each.name}: {each.why}
            </List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}
