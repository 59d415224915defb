/** What came back: the result, how it came about, and the log. */

import { Alert, Anchor, Button, Code, Group, Loader, Stack, Tabs, Text, Title } from "@mantine/core";
import { IconFlask } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { Answer } from "~/api/connectors";
import { executionPage } from "~/api/executions";
import type { Connector } from "~/api/types";
import { Facts } from "~/shared/facts/Facts";
import { JsonView } from "~/shared/json/JsonView";
import { Failed } from "~/shared/state/Failed";
import { Status } from "~/shared/status/Status";
import { duration } from "~/shared/time/Ago";
import { SaveAsMock } from "../mocks/SaveAsMock";
import type { Run } from "./input";
import { Log, logOf } from "./Log";

export function Result({ connector, command, run, retry }: { connector: Connector; command: string; run: Run | null; retry: () => void }) {
  return (
    <Stack gap="sm" component="section" aria-label="Result">
      <Title order={3} size="h5">
        Result
      </Title>
      <div aria-live="polite">
        {run === null && (
          <Text size="sm" c="dimmed">
            What the command answers stands here.
          </Text>
        )}
        {run?.state === "running" && <Running since={run.since} />}
        {run?.state === "cancelled" && (
          <Alert color="gray" title={`Cancelled after ${duration(run.afterMs)}`}>
            What the service did until then stays done.
          </Alert>
        )}
        {run?.state === "refused" && <Failed problem={run.problem} retry={run.problem.errors.length > 0 ? undefined : retry} />}
        {run?.state === "answered" && <Told answer={run.answer} tookMs={run.tookMs} />}
      </div>
      {run?.state === "answered" && <Parts connector={connector} command={command} answer={run.answer} tookMs={run.tookMs} />}
    </Stack>
  );
}

function Running({ since }: { since: number }) {
  const [now, setNow] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <Group gap="xs">
      <Loader size="xs" aria-hidden />
      <Text size="sm">
        Running{" "}
        <span aria-hidden className="tabular">
          {now - since >= 1_000 ? `${Math.round((now - since) / 1_000)} s` : ""}
        </span>
      </Text>
    </Group>
  );
}

function Told({ answer, tookMs }: { answer: Answer; tookMs: number }) {
  const { metadata } = answer;
  const took = typeof metadata.durationMs === "number" ? metadata.durationMs : tookMs;
  return (
    <Stack gap="xs">
      <Group gap="sm">
        <Status is={answer.success ? "COMPLETED" : "FAILED"} />
        {metadata.mock === true && <Status is="mock" />}
        <Text size="sm" className="tabular">
          {duration(took)}
        </Text>
        {metadata.plan === true && <Text size="sm">Nothing was sent.</Text>}
        {typeof metadata.executionId === "string" && (
          <Anchor size="sm" renderRoot={(props) => <Link to={executionPage(metadata.executionId as string)} {...props} />}>
            The call
          </Anchor>
        )}
      </Group>
      {!answer.success && (
        <Alert color="red" title={answer.error || "It failed, and did not say why"} m={0}>
          <Text size="sm">
            <Code>{answer.code}</Code> {metadata.retryable === true ? "The same call may do better later." : ""}
            {answer.diagnostics?.mayHaveHappened === true && " It may have happened all the same: look at the service before you run it again."}
          </Text>
        </Alert>
      )}
    </Stack>
  );
}

function Parts({ connector, command, answer, tookMs }: { connector: Connector; command: string; answer: Answer; tookMs: number }) {
  const [saving, setSaving] = useState(false);
  const log = logOf(answer);
  const { metadata } = answer;
  const { log: _, headers, ...facts } = metadata;
  return (
    <>
      <Tabs defaultValue="result" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="result">{answer.success ? "Result" : "Diagnostics"}</Tabs.Tab>
          <Tabs.Tab value="details">Details</Tabs.Tab>
          <Tabs.Tab value="log">Log ({log.length})</Tabs.Tab>
          <Tabs.Tab value="whole">Whole answer</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="result" pt="xs">
          <JsonView label="Result" value={answer.success ? answer.payload : { ...answer.diagnostics, ...(answer.payload === undefined ? {} : { payload: answer.payload }) }} />
        </Tabs.Panel>
        <Tabs.Panel value="details" pt="xs">
          <Facts
            facts={[
              ["Took", duration(Number(facts.durationMs ?? tookMs))],
              ["With the way there", duration(tookMs)],
              ["At the service", typeof facts.elapsedMs === "number" ? duration(facts.elapsedMs) : ""],
              ["Attempts", String(facts.attempts ?? "")],
              ["The service answered", String(facts.status ?? "")],
              ["Version", String(facts.version ?? "")],
            ]}
          />
          {headers !== undefined && (
            <>
              <Title order={4} size="h6" mt="sm">
                Headers of the answer
              </Title>
              <JsonView label="Headers" value={headers} maxHeight={240} />
            </>
          )}
          <Title order={4} size="h6" mt="sm">
            All that is known of the call
          </Title>
          <JsonView label="Metadata" value={facts} maxHeight={240} />
        </Tabs.Panel>
        <Tabs.Panel value="log" pt="xs">
          <Log lines={log} leftOut={Number(metadata.logLeftOut ?? 0)} />
        </Tabs.Panel>
        <Tabs.Panel value="whole" pt="xs">
          <JsonView label="Whole answer" value={answer} />
        </Tabs.Panel>
      </Tabs>
      {metadata.plan !== true && (
        <Button size="xs" variant="default" leftSection={<IconFlask size={14} aria-hidden />} onClick={() => setSaving(true)} style={{ alignSelf: "flex-start" }}>
          Save as a mock
        </Button>
      )}
      {saving && <SaveAsMock connector={connector} command={command} answer={answer} close={() => setSaving(false)} />}
    </>
  );
}
