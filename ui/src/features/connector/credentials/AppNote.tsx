/** As what this server signs people in at the service: its app there, or how to get one. For administrators. */

import { Accordion, Code, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { oauthAppsQuery } from "~/api/oauthApps";
import type { Connector } from "~/api/types";
import { useSession } from "~/app/session/session";
import { RedirectUri } from "./ConnectDialog";

export function AppNote({ connector, type }: { connector: Connector; /** Of the connector’s type, as it stands in the names of variables. */ type: { slug: string } }) {
  const { admin } = useSession();
  const apps = useQuery({ ...oauthAppsQuery(), enabled: admin, retry: false });
  const app = apps.data?.find((each) => each.type === connector.type);
  const id = `${connector.namespace}/${connector.name}`;
  const prefix = type.slug.replaceAll(/[^A-Za-z0-9]+/g, "_").toUpperCase();
  if (admin && !apps.data) return null;
  return (
    <Accordion variant="contained" order={2}>
      <Accordion.Item value="app">
        <Accordion.Control>
          <Text size="sm" component="span">
            {app ? `Signs in with the platform app ${app.clientId}` : admin ? "There is no platform app for this type: set one up, or connect with an app of your own" : "Signing in with an app of your own"}
          </Text>
        </Accordion.Control>
        <Accordion.Panel>
          <Text size="sm" mb="sm">
            {app?.source === "environment" && "It comes from the environment. "}
            {admin ? (
              <>
                {app ? "Change it" : "Register an app at the service, and put its client ID in"} under{" "}
                <Link to="/settings" search={{ open: `app:${connector.type}` } as never}>
                  Settings, Platform apps
                </Link>
                , or set <Code>{prefix}_OAUTH_CLIENT_ID</Code> and <Code>{prefix}_OAUTH_CLIENT_SECRET</Code> where the server runs.
              </>
            ) : (
              "An administrator can give this server an app at the service. Without it, choose “With an app of my own” when you connect, with the redirect URI below."
            )}
          </Text>
          <RedirectUri connector={id} />
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
