/** A call beside the list. */

import { Anchor, CloseButton, Group, Paper, Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { executionPage, executionQuery } from "~/api/executions";
import { JsonView } from "~/shared/json/JsonView";
import { Answered } from "~/shared/state/Answered";
import { FormSkeleton } from "~/shared/state/Loading";
import { ErrorPart } from "./ErrorPart";
import { Facts } from "./Facts";
import { isOpen, toldOf } from "./outcome";

export function Preview({ id, close }: { id: string; close?: () => void }) {
  const query = useQuery({ ...executionQuery(id), refetchInterval: ({ state }) => (state.data && isOpen(state.data) ? 2_000 : false) });
  return (
    <Paper withBorder={close !== undefined} p={close ? "sm" : 0} component="section" aria-label="The selected call" style={{ position: "sticky", top: 64 }}>
      <Answered query={query} skeleton={<FormSkeleton />} missing={{ what: "call", up: "/executions", upLabel: "All calls" }}>
        {(execution) => {
          const told = toldOf(execution);
          return (
            <Stack gap="sm">
              <Group justify="space-between" wrap="nowrap">
                <Title order={2} size="h4">
                  {execution.command}
                </Title>
                {close && <CloseButton onClick={close} aria-label="Close the call beside the list" />}
              </Group>
              <Facts execution={execution} cols={2} />
              {told.error && <ErrorPart told={told} />}
              {told.hasPayload && (
                <div>
                  <Title order={3} size="h5">
                    Result
                  </Title>
                  <JsonView label="Result" value={told.payload} maxHeight={280} />
                </div>
              )}
              <div>
                <Title order={3} size="h5">
                  Params
                </Title>
                <JsonView label="Params" value={execution.params} maxHeight={180} />
              </div>
              <Anchor renderRoot={(props) => <Link to={executionPage(id)} {...props} />}>Open this call</Anchor>
            </Stack>
          );
        }}
      </Answered>
    </Paper>
  );
}
