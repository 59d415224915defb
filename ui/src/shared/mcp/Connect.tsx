/** How a client reaches an endpoint: its address, a token for it, and settings to copy. */

import { Alert, Button, Group, SegmentedControl, Stack, Switch, Tabs, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconTicket } from "@tabler/icons-react";
import { useState } from "react";
import type { NewToken } from "~/api/tokens";
import { useRefusal } from "~/app/session/session";
import { Copied } from "~/shared/copy/Copied";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { useUrlState } from "~/shared/url/useUrlState";
import { settingsOf, type Transport } from "./clients";
import { TokenDialog } from "./TokenDialog";

export interface ConnectProps {
  /** As clients call the server. */
  name: string;
  /** Below this server, such as `/mcp`. */
  path: string;
  /** Of the gateway, if it is one's. */
  gateway?: string;
}

export function Connect({ name, path, gateway = "" }: ConnectProps) {
  const [made, setMade] = useState<NewToken | null>(null);
  const [asking, setAsking] = useState(false);
  const refusal = useRefusal("manage");
  const url = window.location.origin + path;
  return (
    <Stack gap="lg">
      <div>
        <Title order={2} size="h4" mb={6}>
          Endpoint
        </Title>
        <Copied label="Endpoint" text={url} />
      </div>
      <Stack gap="xs">
        <Title order={2} size="h4">
          Token
        </Title>
        <Text size="sm" maw={720}>
          A client shows a token with each request, and does what that allows and no more: with “read” it sees tools, with “execute” it calls them.
          {gateway ? " One that is made here counts at this gateway and nowhere else." : " Give each client its own, so that one can be revoked alone."}
        </Text>
        <RefusedButton refusal={refusal} variant="default" leftSection={<IconTicket size={16} aria-hidden />} onClick={() => setAsking(true)} style={{ alignSelf: "flex-start" }}>
          Make a token for this
        </RefusedButton>
        {made && <Once made={made} forget={() => setMade(null)} />}
      </Stack>
      <Settings name={name} url={url} gateway={gateway} token={made?.text ?? ""} />
      {asking && (
        <TokenDialog
          gateway={gateway}
          close={() => setAsking(false)}
          made={(token) => {
            setAsking(false);
            setMade(token);
          }}
        />
      )}
    </Stack>
  );
}

function Once({ made, forget }: { made: NewToken; forget: () => void }) {
  return (
    <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title={`Token “${made.token.name}”: copy it now`} role="status">
      <Stack gap="xs">
        <Text size="sm">Nobody can have it a second time. It stands in the settings below until you leave this page.</Text>
        <Copied label="Token" text={made.text} />
        <Group>
          <Button size="xs" variant="default" onClick={forget}>
            I have copied it
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

function Settings({ name, url, gateway, token }: { name: string; url: string; gateway: string; token: string }) {
  const [transport, setTransport] = useUrlState("transport", "http");
  const [client, setClient] = useUrlState("client", "claude-code");
  const [written, setWritten] = useState(true);
  const by: Transport = transport === "stdio" ? "stdio" : "http";
  const settings = settingsOf(by, { name, url, gateway, token: written ? token : "" });
  const shown = settings.find((each) => each.id === client) ?? settings[0];
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        Settings to copy
      </Title>
      <Group gap="md">
        <SegmentedControl
          aria-label="Transport"
          value={by}
          onChange={setTransport}
          data={[
            { value: "http", label: "HTTP" },
            { value: "stdio", label: "stdio" },
          ]}
        />
        {token && <Switch label="With the new token in them" checked={written} onChange={(event) => setWritten(event.currentTarget.checked)} />}
      </Group>
      <Text size="sm" c="dimmed">
        {by === "http"
          ? "The client asks this server itself, by streamable HTTP."
          : "The client starts the program jackfield on its own machine, which asks this server. It has to be installed there: pip install jackfield."}
      </Text>
      <Tabs value={shown?.id ?? null} onChange={(chosen) => chosen && setClient(chosen)} keepMounted={false}>
        <Tabs.List aria-label="Client">
          {settings.map((each) => (
            <Tabs.Tab key={each.id} value={each.id}>
              {each.client}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {settings.map((each) => (
          <Tabs.Panel key={each.id} value={each.id} pt="xs">
            <Text size="sm" mb="xs" style={{ overflowWrap: "anywhere" }}>
              {each.where}
            </Text>
            <Copied label={`Settings of ${each.client}`} text={each.text} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Stack>
  );
}
