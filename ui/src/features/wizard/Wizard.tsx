/** The steps after the first: what stands in each, whether one can go on, and the connector at the end. */

import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Suspense, useEffect, useRef, useState, type RefObject } from "react";
import { typeQuery } from "~/api/catalogue";
import { pageOf } from "~/api/connectors";
import { createConnector, nameFault } from "~/api/creating";
import { asProblem } from "~/api/problem";
import { useRefusal } from "~/app/session/session";
import { UnsavedGuard } from "~/shared/dialog/UnsavedGuard";
import { RefusedButton } from "~/shared/state/RefusedButton";
import { useTrying } from "~/shared/trial/useTrying";
import { PageSkeleton } from "~/shared/state/Loading";
import { ConfigureStep } from "./ConfigureStep";
import { useDefinition } from "./definition";
import type { Kind } from "./kinds";
import { useTaken } from "./NameFields";
import { ReviewStep } from "./ReviewStep";
import { SourceStep } from "./SourceStep";
import { after, before, type Step } from "./steps";
import { TestStep } from "./TestStep";
import { nameOf, useBody } from "./useBody";
import { useDraft } from "./useDraft";
import { useServerDraft, type Keeping } from "./useServerDraft";

export function Wizard({
  kind,
  step,
  type,
  id,
  setId,
}: {
  kind: Kind;
  step: Step;
  type: string;
  /** Of the draft on the server; empty for none yet. */
  id: string;
  setId: (id: string) => void;
}) {
  const { draft, change, dirty, tooLarge, forget, restart } = useDraft(kind);
  const navigate = useNavigate();
  const server = useServerDraft({ draft, dirty, id, setId });
  const client = useQueryClient();
  const definition = useDefinition(draft);
  const body = useBody(draft, definition, { wanted: step === "test" || step === "review", draftId: id });
  const { taken } = useTaken(draft, definition);
  const trying = useTrying();
  const refusal = useRefusal("manage");
  const [shown, setShown] = useState(false);
  const top = useStepFocus(step);
  useEffect(() => {
    if (kind === "built_in" && type && type !== draft.type) change({ type });
    // Only the address chooses here.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [type]);
  const create = useMutation({
    mutationFn: createConnector,
    onSuccess: async (made) => {
      forget();
      server.drop();
      void client.invalidateQueries({ queryKey: ["drafts"] });
      void client.invalidateQueries({ queryKey: ["connectors"] });
      void client.invalidateQueries({ queryKey: ["connector-types"] });
      // Where people sign in, the next thing to do is that.
      const type = await client.fetchQuery(typeQuery(made.type)).catch(() => null);
      void navigate({ to: pageOf(made), search: (type?.credentials.signIn || type?.credentials.device ? { tab: "credentials" } : {}) as never, ignoreBlocker: true });
    },
  });
  const problem = create.error ? asProblem(create.error) : null;
  const name = nameOf(draft, definition);
  const obstacle = obstacleOf({ step, definition, name, taken, refusal });
  const go = (to: Step) => {
    setShown(false);
    void navigate({ to: "/connectors/new", search: { kind, step: to, draft: id } as never });
  };
  const anew = () => {
    restart();
    server.drop();
    setShown(false);
    void navigate({ to: "/connectors/new", search: { kind, step: "source" } as never });
  };
  // Who goes on while the server still reads waits for that, and need not press again.
  const [waits, setWaits] = useState(false);
  const next = () => (definition.data === undefined && definition.pending ? setWaits(true) : obstacle ? setShown(true) : go(after(step)));
  useEffect(() => {
    if (!waits || (definition.data === undefined && definition.pending)) return;
    setWaits(false);
    next();
    // Only the answer ends the wait.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [waits, definition.data, definition.pending]);
  return (
    <Stack gap="md" ref={top} tabIndex={-1} style={{ outline: "none" }}>
      <UnsavedGuard dirty={dirty && !create.isPending && !create.isSuccess} within="/connectors/new" />
      {tooLarge && server.keeping === "here-only" && (
        <Alert color="gray" py="xs">
          This is too large to outlive a refresh of the page.
        </Alert>
      )}
      {/* With what is below the step, which would move when the step comes. */}
      <Suspense fallback={<PageSkeleton />}>
        {step === "source" && <SourceStep draft={draft} change={change} definition={definition} />}
        {step === "configure" && <ConfigureStep draft={draft} change={change} definition={definition} faults={problem?.errors ?? []} shown={shown} next={next} />}
        {step === "test" && <TestStep draft={draft} change={change} definition={definition} body={body} trying={trying} />}
        {step === "review" && (
          <ReviewStep
            kind={kind}
            definition={definition}
            body={body}
            tested={trying.data ? (trying.data.success ? "ok" : "failing") : "untested"}
            problem={problem}
          />
        )}
        <Text size="xs" c="dimmed" role="status">
          {KEEPING[server.keeping]}
        </Text>
        {shown && obstacle && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {obstacle}
          </Text>
        )}
        <Group justify="space-between">
          <Group gap="xs">
            <Button variant="default" onClick={() => go(before(step))}>
              Back
            </Button>
            {dirty && (
              <Button variant="subtle" onClick={anew}>
                Begin anew
              </Button>
            )}
          </Group>
          {step === "review" ? (
            <RefusedButton
              refusal={refusal}
              loading={create.isPending}
              onClick={() => (obstacle || body.body === undefined ? setShown(true) : create.mutate(body.body))}
            >
              Create connector
            </RefusedButton>
          ) : (
            <Button onClick={next} loading={waits}>{step === "test" && !trying.data ? "Skip the test" : "Next"}</Button>
          )}
        </Group>
      </Suspense>
    </Stack>
  );
}

const KEEPING: Record<Keeping, string> = {
  "not-yet": "",
  keeping: "Keeping the draft.",
  kept: "The draft is kept on the server, for you alone.",
  "here-only": "The draft is kept in this tab only, and its secrets not beyond a refresh.",
};

/** A new step begins at its top, for the eye and for the keyboard. */
function useStepFocus(step: Step): RefObject<HTMLDivElement | null> {
  const top = useRef<HTMLDivElement>(null);
  const last = useRef(step);
  useEffect(() => {
    if (last.current === step) return;
    last.current = step;
    window.scrollTo(0, 0);
    top.current?.focus({ preventScroll: true });
  }, [step]);
  return top;
}

/** Why one cannot go on from a step; empty where one can. */
function obstacleOf({
  step,
  definition,
  name,
  taken,
  refusal,
}: {
  step: Step;
  definition: ReturnType<typeof useDefinition>;
  name: string;
  taken: boolean;
  refusal: string;
}): string {
  if (definition.data === undefined) return definition.pending ? "The server is still reading it." : definition.error ? "Mend what is marked above first." : "Fill this step in first.";
  if (definition.error) return "Mend what is marked above first.";
  if (Object.keys(definition.data.commands).length === 0) return "There is no command yet.";
  if (step === "source" || step === "test") return "";
  if (name === "") return "Give the connector a name.";
  if (nameFault(name)) return nameFault(name);
  if (taken) return `There is a connector “${name}” already. Give it another name.`;
  return step === "review" ? refusal : "";
}
