/** The document, what it offers, and which of it is wanted. */

import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { asProblem } from "~/api/problem";
import { Failed } from "~/shared/state/Failed";
import { PageSkeleton } from "~/shared/state/Loading";
import type { SourceProps } from "../SourceStep";
import { DocumentInput } from "./DocumentInput";
import { Operations } from "./Operations";
import { ParseReport } from "./ParseReport";
import { parsedQuery } from "./parsing";

export default function OpenApiSource({ draft, change }: SourceProps) {
  const { openapi } = draft;
  const set = (part: Partial<typeof openapi>) => change({ openapi: { ...openapi, ...part } });
  const parsed = useQuery(parsedQuery(openapi));
  return (
    <Stack gap="md">
      <DocumentInput
        openapi={openapi}
        set={set}
        busy={parsed.isFetching}
        parse={(part = {}) => set({ ...part, asked: `${Date.now()}`, selected: null, names: {} })}
      />
      {parsed.isFetching && <PageSkeleton />}
      {parsed.error && !parsed.isFetching && <Failed title="The document cannot be read" problem={asProblem(parsed.error)} retry={() => void parsed.refetch()} />}
      {parsed.data && !parsed.isFetching && (
        <>
          <ParseReport parsed={parsed.data} text={openapi.text} config={draft.config} setConfig={(config) => change({ config })} />
          <Operations parsed={parsed.data} openapi={openapi} set={set} />
        </>
      )}
    </Stack>
  );
}
