/** Which tools a gateway has, what is settled for them, and what a model gets of that, before it is saved. */

import { Grid, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { asProblem } from "~/api/problem";
import { choiceQuery, toolsQuery, type Tool } from "~/api/tools";
import { isWrittenByHand, ruleOf, withRule, type Choice } from "~/shared/choice/choice";
import { ChoicePicker } from "~/shared/choice/ChoicePicker";
import { RuleDialog } from "~/shared/choice/RuleDialog";
import { plain } from "~/shared/gateway/NewGateway";
import { Answered } from "~/shared/state/Answered";
import { Failed } from "~/shared/state/Failed";
import { TableSkeleton } from "~/shared/state/Loading";
import { Budget } from "~/shared/tools/Budget";
import { Problems } from "~/shared/tools/Problems";
import { ToolTable } from "~/shared/tools/ToolTable";
import { useUrlSearch } from "~/shared/url/useUrlState";
import { ChoiceJson } from "./ChoiceJson";
import type { Draft } from "./draft";

const WAIT_MS = 400;

export function ToolsPart({ draft, set, refusal }: { draft: Draft; set: (part: Partial<Draft>) => void; refusal: string }) {
  const all = useQuery(toolsQuery());
  const [search, change] = useUrlSearch();
  const asJson = search.input === "json" || isWrittenByHand(draft.choice);
  const setChoice = (choice: Choice) => set({ choice });
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, lg: 6 }}>
        <Stack gap="sm">
          <Title order={2} size="h4">
            Choose
          </Title>
          <SegmentedControl
            size="xs"
            aria-label="Choice as"
            value={asJson ? "json" : "list"}
            disabled={isWrittenByHand(draft.choice)}
            onChange={(next) => change({ input: next === "json" ? "json" : "" })}
            data={[
              { value: "list", label: "List" },
              { value: "json", label: "JSON" },
            ]}
            style={{ alignSelf: "flex-start" }}
          />
          {asJson ? (
            <ChoiceJson choice={draft.choice} onChange={setChoice} readOnly={refusal !== ""} />
          ) : (
            <Answered query={all} skeleton={<TableSkeleton rows={4} />}>
              {({ tools }) => (
                <>
                  <ChoicePicker
                    tools={tools}
                    choice={draft.choice}
                    onChange={setChoice}
                    settle={({ connector, command }) => change({ rule: `${connector} ${command}` })}
                    disabled={refusal !== ""}
                  />
                  <Settling tools={tools} draft={draft} setChoice={setChoice} />
                </>
              )}
            </Answered>
          )}
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 6 }}>
        <Outcome draft={draft} />
      </Grid.Col>
    </Grid>
  );
}

function Settling({ tools, draft, setChoice }: { tools: readonly Tool[]; draft: Draft; setChoice: (choice: Choice) => void }) {
  const [search, change] = useUrlSearch();
  const tool = tools.find((each) => `${each.connector} ${each.command}` === search.rule);
  if (!tool) return null;
  return (
    <RuleDialog
      key={search.rule}
      of={tool}
      rule={ruleOf(draft.choice, tool)}
      close={() => change({ rule: "" })}
      done={(rule) => {
        setChoice(withRule(draft.choice, tool, rule));
        change({ rule: "" });
      }}
    />
  );
}

function Outcome({ draft }: { draft: Draft }) {
  const [asked] = useDebouncedValue(draft.choice, WAIT_MS);
  const { data, error, refetch } = useQuery(choiceQuery(plain(asked)));
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        What a model gets
      </Title>
      {error ? (
        <Failed problem={asProblem(error)} retry={() => void refetch()} />
      ) : data ? (
        <>
          <Budget tools={data.tools} mode={draft.mode} />
          <Problems problems={data.problems} />
          {data.tools.length > 0 ? <ToolTable tools={data.tools} /> : <Text size="sm">It gets no tool.</Text>}
        </>
      ) : (
        <TableSkeleton rows={4} />
      )}
    </Stack>
  );
}
