/** A client in this page that asks the endpoint as others do, and says what it finds at each step. */

import { Button, Group, PasswordInput, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { useEffect, useRef, useState, type FormEvent } from "react";
import type { Tool } from "~/api/tools";
import { useRefusal, useSession } from "~/app/session/session";
import { SchemaForm, type Values } from "~/shared/form/SchemaForm";
import { defaultsOf, type Schema } from "~/shared/form/schema";
import { faultsOf } from "~/shared/form/validate";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { Steps } from "./Steps";
import { checkToken } from "./checkToken";
import { check, type Step } from "./checking";

const NONE = "";
const SCOPES = ["read", "execute"] as const;

export function LiveCheck({ path, gateway = "", tools }: { path: string; gateway?: string; /** That the endpoint has. */ tools: readonly Tool[] }) {
  const harmless = tools.filter((each) => each.risk === "read");
  const [with_, setWith] = useState<"made" | "mine">("made");
  const [text, setText] = useState("");
  const [name, setName] = useState(() => firstOf(harmless));
  const [values, setValues] = useState<Record<string, Values>>({});
  const [steps, setSteps] = useState<readonly Step[]>([]);
  const [running, setRunning] = useState<AbortController | null>(null);
  const latest = useRef<AbortController | null>(null);
  useEffect(() => () => latest.current?.abort(), []);
  const tool = harmless.find((each) => each.name === name);
  const schema = (tool?.inputSchema ?? {}) as Schema;
  const given = values[name] ?? defaultsOf(schema);
  const faults = tool ? faultsOf(schema, given) : [];
  const [shown, setShown] = useState(false);
  const manage = useRefusal("manage");
  const { scopes } = useSession();
  const refusal = with_ === "made" ? manage : text.trim() ? "" : "Give the token that is to be tried.";
  const start = async () => {
    setShown(true);
    if (faults.length > 0) return;
    const mine = new AbortController();
    latest.current = mine;
    setRunning(mine);
    const token = with_ === "made" ? checkToken(gateway, SCOPES.filter((each) => scopes.includes(each))) : { make: () => Promise.resolve(text.trim()), revoke: () => Promise.resolve() };
    await check({ path, token: token.make, close: token.revoke, call: tool ? { name: tool.name, arguments: given } : null, signal: mine.signal }, (next) => {
      if (latest.current === mine) setSteps(next);
    });
    setRunning(null);
  };
  return (
    <form
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (!refusal && running === null) void start();
      }}
    >
      <Stack gap="md" maw={820}>
        <Text size="sm">
          This page connects to the endpoint as a client does, without the cookie that you are signed in with: it begins a session, lists the tools, and calls one that changes
          nothing, if you pick one.
        </Text>
        <SegmentedControl
          aria-label="Token"
          value={with_}
          onChange={(next) => setWith(next as "made" | "mine")}
          data={[
            { value: "made", label: "A new token" },
            { value: "mine", label: "One of mine" },
          ]}
          style={{ alignSelf: "flex-start" }}
        />
        {with_ === "made" ? (
          <Text size="xs" c="dimmed">
            It is made for the check, works for five minutes, and is revoked when the check is over.
          </Text>
        ) : (
          <PasswordInput label="API token" description="To see what a client may do with it. It stays in this page." value={text} onChange={(event) => setText(event.currentTarget.value)} autoComplete="off" />
        )}
        <Select
          label="Then call"
          description={harmless.length === 0 ? "There is no tool that only reads." : "Only tools that read are offered here."}
          data={[{ value: NONE, label: "No tool" }, ...harmless.map((each) => ({ value: each.name, label: each.name }))]}
          value={name}
          onChange={(next) => setName(next ?? NONE)}
          searchable
          limit={100}
          allowDeselect={false}
        />
        {tool && Object.keys(schema.properties ?? {}).length > 0 && (
          <SchemaForm schema={schema} value={given} onChange={(next) => setValues((before) => ({ ...before, [name]: next }))} faults={shown ? faults : []} />
        )}
        <Group gap="xs">
          <RefusedButton refusal={refusal} loading={running !== null} leftSection={<IconPlayerPlay size={16} aria-hidden />} type="submit">
            Check it
          </RefusedButton>
          <Button variant="default" disabled={running === null} leftSection={<IconPlayerStop size={16} aria-hidden />} onClick={() => running?.abort()}>
            Stop
          </Button>
        </Group>
        <Steps steps={steps} over={running === null && steps.length > 0} />
      </Stack>
    </form>
  );
}

/** One that needs nothing to be filled in, if there is one. */
function firstOf(tools: readonly Tool[]): string {
  return tools.find((each) => ((each.inputSchema as Schema).required ?? []).length === 0)?.name ?? NONE;
}
