/** As what this installation signs people in at services: its apps there. */

import { Badge, Group, Stack, Text, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { deleteApp, oauthAppsQuery, type OAuthApp } from "~/api/oauthApps";
import { useRefusal } from "~/app/session/session";
import { ConfirmDialog } from "~/shared/dialog/ConfirmDialog";
import { Answered } from "~/shared/state/Answered";
import { FormSkeleton } from "~/shared/state/Loading";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { DataTable } from "~/shared/table/DataTable";
import { useUrlSearch } from "~/shared/url/useUrlState";
import { AppForm } from "./AppForm";

const OPEN = "app:";

export function PlatformApps() {
  const apps = useQuery(oauthAppsQuery());
  const refusal = useRefusal("manage");
  const [search, change] = useUrlSearch();
  const open = search.open?.startsWith(OPEN) ? search.open.slice(OPEN.length) : null;
  const close = () => change({ open: "" });
  return (
    <section aria-labelledby="platform-apps">
      <Group justify="space-between" align="flex-start" mb="xs">
        <div>
          <Title order={2} size="h4" id="platform-apps">
            Platform apps
          </Title>
          <Text size="sm" c="dimmed" maw={640}>
            What this server is registered as at services that sign people in (OAuth). With one, connecting an account takes a click.
          </Text>
        </div>
        <RefusedButton refusal={refusal} size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => change({ open: OPEN })}>
          Add an app
        </RefusedButton>
      </Group>
      <Answered query={apps} skeleton={<FormSkeleton fields={1} />}>
        {(found) => <List apps={found} refusal={refusal} edit={(type) => change({ open: OPEN + type })} />}
      </Answered>
      {open !== null && apps.data && !refusal && <AppForm key={open} type={open} app={apps.data.find((each) => each.type === open && each.source === "settings") ?? null} close={close} />}
    </section>
  );
}

function List({ apps, refusal, edit }: { apps: readonly OAuthApp[]; refusal: string; edit: (type: string) => void }) {
  const [deleted, setDeleted] = useState<OAuthApp | null>(null);
  const client = useQueryClient();
  if (apps.length === 0) {
    return <Text size="sm">There is none yet. Without one, people connect accounts with an app of their own, or paste a token.</Text>;
  }
  return (
    <Stack gap="sm">
      <DataTable
        label="Apps of this server"
        rows={apps}
        id={(row) => `${row.source}:${row.type}`}
        columns={[
          {
            name: "type",
            label: "Connector type",
            cell: (row) => (
              <Text size="sm" fw={600}>
                {row.type}
              </Text>
            ),
          },
          { name: "client", label: "Client ID", cell: (row) => <Text size="sm" style={{ overflowWrap: "anywhere" }}>{row.clientId}</Text> },
          {
            name: "source",
            label: "From",
            cell: (row) => (
              <Badge size="sm" variant="default" tt="none">
                {row.source === "environment" ? "Environment" : "Settings"}
              </Badge>
            ),
          },
          { name: "redirect", label: "Redirect URI", cell: (row) => <Text size="xs" style={{ overflowWrap: "anywhere" }}>{row.redirectUri || "Of this server"}</Text> },
          {
            name: "actions",
            label: "Actions",
            quiet: true,
            align: "right",
            cell: (row) => {
              const fixed = refusal || (row.source === "environment" ? "It comes from the environment. Change it there." : "");
              return (
                <Group gap={4} justify="flex-end" wrap="nowrap">
                  <RefusedButton refusal={fixed} size="compact-sm" variant="default" onClick={() => edit(row.type)}>
                    Change
                  </RefusedButton>
                  <RefusedButton refusal={fixed} size="compact-sm" variant="default" onClick={() => setDeleted(row)}>
                    Delete
                  </RefusedButton>
                </Group>
              );
            },
          },
        ]}
      />
      <ConfirmDialog
        opened={deleted !== null}
        close={() => setDeleted(null)}
        title={`Delete the app of ${deleted?.type}?`}
        action="Delete"
        run={async () => {
          if (deleted) await deleteApp(deleted.type);
          await client.invalidateQueries({ queryKey: ["oauth"] });
        }}
      >
        Accounts that were connected with it cannot be renewed any more: calls with them fail when their tokens end. Its secret is gone for good.
      </ConfirmDialog>
    </Stack>
  );
}
