/** A part of a page that needs an answer of the server: its skeleton, its error, or itself, with its age if it is old. */

import { Alert, Button, Group, Text, VisuallyHidden } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { asProblem } from "~/api/problem";
import { Ago } from "~/shared/time/Ago";
import { Failed } from "./Failed";
import { PageSkeleton } from "./Loading";
import { NotFound } from "./NotFound";

export function Answered<T>({
  query,
  skeleton,
  missing,
  children,
}: {
  query: UseQueryResult<T>;
  skeleton?: ReactNode;
  /** Of a whole page: what it is, and where to go instead if its address leads nowhere. */
  missing?: { what: string; up: string; upLabel: string };
  children: (data: T) => ReactNode;
}) {
  const problem = query.error ? asProblem(query.error) : null;
  if (query.data === undefined) {
    if (problem?.status === 404 && missing) return <NotFound {...missing} />;
    return (
      <>
        {missing && <VisuallyHidden component="h1">{sentence(missing.what)}</VisuallyHidden>}
        {problem === null ? (skeleton ?? <PageSkeleton />) : <Failed problem={problem} retry={() => void query.refetch()} />}
      </>
    );
  }
  return (
    <>
      {problem && <Stale since={query.dataUpdatedAt} message={problem.message} retry={() => void query.refetch()} />}
      {children(query.data)}
    </>
  );
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function Stale({ since, message, retry }: { since: number; message: string; retry: () => void }) {
  return (
    <Alert color="yellow" icon={<IconCloudOff aria-hidden />} py="xs" mb="sm" role="status">
      <Group justify="space-between">
        <Text size="sm">
          {message}. This is as it was <Ago at={new Date(since).toISOString()} />.
        </Text>
        <Button size="compact-xs" variant="default" onClick={retry}>
          Try again
        </Button>
      </Group>
    </Alert>
  );
}
