/** What can be done with the connectors that are chosen, and how far it is. */

import { Alert, Button, Checkbox, Group, List, Paper, Progress, Stack, Text } from "@mantine/core";
import { useRefusal } from "~/app/session/session";
import { RefusedButton } from "~/shared/state/RefusedButton";
import type { Row } from "./listing";
import type { Bulk, Deed } from "./useBulk";

const WORDS: Record<Deed, { doing: string; good: string }> = {
  test: { doing: "Testing", good: "work" },
  enable: { doing: "Enabling", good: "are enabled" },
  disable: { doing: "Disabling", good: "are disabled" },
};

export function BulkBar({
  shown,
  picked,
  pickAll,
  bulk,
  start,
  stop,
  forget,
}: {
  /** Those that fit the filters. */
  shown: readonly Row[];
  /** Of them. */
  picked: readonly Row[];
  pickAll: (on: boolean) => void;
  bulk: Bulk | null;
  start: (deed: Deed, rows: readonly Row[]) => void;
  stop: () => void;
  forget: () => void;
}) {
  const mayTest = useRefusal("execute");
  const mayChange = useRefusal("manage");
  const rows = picked.length > 0 ? picked : shown;
  const busy = bulk?.running === true;
  const none = picked.length === 0 ? "Choose connectors first." : "";
  return (
    <Stack gap="xs">
      <Group gap="sm">
        <Checkbox
          label={picked.length > 0 ? `${picked.length} of ${shown.length} chosen` : `${shown.length} ${shown.length === 1 ? "connector" : "connectors"}`}
          aria-label="Choose all that are shown"
          checked={picked.length > 0 && picked.length === shown.length}
          indeterminate={picked.length > 0 && picked.length < shown.length}
          onChange={(event) => pickAll(event.currentTarget.checked)}
        />
        <RefusedButton size="xs" variant="default" refusal={mayTest} disabled={busy} onClick={() => start("test", rows.filter((row) => row.connector.enabled))}>
          {picked.length > 0 ? "Test" : "Test all"}
        </RefusedButton>
        <RefusedButton size="xs" variant="default" refusal={mayChange || none} disabled={busy} onClick={() => start("enable", rows)}>
          Enable
        </RefusedButton>
        <RefusedButton size="xs" variant="default" refusal={mayChange || none} disabled={busy} onClick={() => start("disable", rows)}>
          Disable
        </RefusedButton>
        {busy && (
          <Button size="xs" variant="default" onClick={stop}>
            Stop
          </Button>
        )}
      </Group>
      <div aria-live="polite">
        {busy && (
          <Group gap="sm">
            <Progress
              value={(100 * bulk.done) / Math.max(1, bulk.total)}
              aria-label={`${WORDS[bulk.deed].doing} ${bulk.total}`}
              style={{ flex: 1, maxWidth: 360 }}
            />
            <Text size="sm" className="tabular">
              {WORDS[bulk.deed].doing} {bulk.done} of {bulk.total}
            </Text>
          </Group>
        )}
        {bulk && !busy && <Report bulk={bulk} forget={forget} />}
      </div>
    </Stack>
  );
}

function Report({ bulk, forget }: { bulk: Bulk; forget: () => void }) {
  const { failures, good, done, total, deed } = bulk;
  const told = `${good} of ${total} ${WORDS[deed].good}${done < total ? `; stopped after ${done}` : ""}`;
  if (failures.length === 0) {
    return (
      <Paper withBorder p="xs">
        <Group justify="space-between">
          <Text size="sm">{told}.</Text>
          <Button size="compact-xs" variant="subtle" onClick={forget}>
            Close
          </Button>
        </Group>
      </Paper>
    );
  }
  return (
    <Alert color="yellow" title={told} withCloseButton closeButtonLabel="Close" onClose={forget}>
      <List size="sm">
        {failures.slice(0, 10).map((each) => (
          <List.Item key={each.id}>
            {each.id}: {each.message}
          </List.Item>
        ))}
      </List>
      {failures.length > 10 && <Text size="sm">And {failures.length - 10} more: order the list by status to see them.</Text>}
    </Alert>
  );
}
