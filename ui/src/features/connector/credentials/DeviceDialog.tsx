/** Signing in on another device: a code to type there, and waiting here. */

import { Alert, Anchor, Button, Group, Loader, Modal, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconExternalLink } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { credentialsChanged } from "~/api/credentials";
import { asProblem } from "~/api/problem";
import { pollDevice, startDevice, type SignInStatus, type SignInWish } from "~/api/signIns";
import { Copied } from "~/shared/copy/Copied";
import { Failed } from "~/shared/state/Failed";
import { Ago } from "~/shared/time/Ago";
import { told } from "~/shared/told/told";

export function DeviceDialog({ wish, close }: { wish: SignInWish; close: () => void }) {
  const client = useQueryClient();
  // Not kept: a code is good for one sign-in.
  const started = useQuery({ queryKey: ["oauth", "device", wish], queryFn: () => startDevice(wish), staleTime: Infinity, gcTime: 0, retry: false, refetchOnWindowFocus: false });
  const id = started.data?.id ?? "";
  const status = useQuery({
    queryKey: ["oauth", "device", "status", id],
    queryFn: ({ signal }) => pollDevice(id, signal),
    enabled: id !== "",
    gcTime: 0,
    refetchInterval: (query) => (over(query.state.data) ? false : 1_000 * (query.state.data?.interval || started.data?.interval || 5)),
    refetchIntervalInBackground: true, // the person is on another device
  });
  const connected = status.data?.state === "connected";
  useEffect(() => {
    if (!connected) return;
    void credentialsChanged(client);
    told("The account is connected.");
    close();
  }, [connected]);
  return (
    <Modal opened onClose={close} title="Sign in on another device" closeOnClickOutside={false} closeButtonProps={{ "aria-label": "Close" }}>
      <Stack gap="sm">
        {started.error && <Failed problem={asProblem(started.error)} retry={() => void started.refetch()} />}
        {started.isFetching && (
          <Group gap="sm" role="status">
            <Loader size="sm" aria-hidden />
            <Text size="sm">Asking the service for a code…</Text>
          </Group>
        )}
        {started.data && !over(status.data) && (
          <>
            <Text size="sm">
              Open{" "}
              <Anchor href={started.data.verificationUri} target="_blank" rel="noopener noreferrer" underline="always">
                {started.data.verificationUri}
              </Anchor>{" "}
              on any device, and type this code:
            </Text>
            <Copied label="Code" text={started.data.userCode} />
            {started.data.verificationUriComplete && (
              <Group>
                <Button
                  size="xs"
                  variant="default"
                  component="a"
                  href={started.data.verificationUriComplete}
                  target="_blank"
                  rel="noopener noreferrer"
                  rightSection={<IconExternalLink size={14} aria-hidden />}
                >
                  Open it with the code
                </Button>
              </Group>
            )}
            <Group gap="sm" role="status">
              <Loader size="sm" aria-hidden />
              <Text size="sm">
                Waiting. The code ends <Ago at={started.data.expires} />.
              </Text>
            </Group>
          </>
        )}
        {status.data && over(status.data) && !connected && (
          <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title="The account was not connected" role="alert">
            <Text size="sm">{status.data.reason || "The code was not used in time."}</Text>
            <Button size="xs" mt="xs" onClick={() => void started.refetch()}>
              Get a new code
            </Button>
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Stop waiting
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function over(status: SignInStatus | undefined): boolean {
  return status !== undefined && status.state !== "open";
}
