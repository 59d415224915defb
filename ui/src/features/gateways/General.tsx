/** What a model is told of a gateway, how its tools are offered, and how much of a result it reads. */

import { NumberInput, Radio, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import type { Mode } from "~/api/gateways";
import type { Draft } from "./draft";
import { MODES } from "./words";

export function General({ draft, set, disabled }: { draft: Draft; set: (part: Partial<Draft>) => void; disabled: boolean }) {
  return (
    <Stack gap="md" maw={640}>
      <TextInput label="Title" description="For people" value={draft.title} onChange={(event) => set({ title: event.currentTarget.value })} maxLength={200} disabled={disabled} />
      <Textarea label="Description" description="For people" value={draft.description} onChange={(event) => set({ description: event.currentTarget.value })} autosize minRows={2} maxLength={2_000} disabled={disabled} />
      <Textarea
        label="Instructions"
        description="For the model, beside its tools: when to use them, in which order, what to ask first"
        value={draft.instructions}
        onChange={(event) => set({ instructions: event.currentTarget.value })}
        autosize
        minRows={3}
        maxRows={14}
        maxLength={20_000}
        disabled={disabled}
      />
      <Radio.Group label="How tools are offered" value={draft.mode} onChange={(mode) => set({ mode: mode as Mode })}>
        <Stack gap={6} mt={6}>
          {MODES.map((each) => (
            <Radio key={each.value} value={each.value} label={each.label} description={each.about} disabled={disabled} />
          ))}
        </Stack>
      </Radio.Group>
      <NumberInput
        label="Characters of a result"
        description="A model reads at most so many at once, and asks for the rest. 20,000 are about 5,000 tokens."
        value={draft.characters}
        onChange={(characters) => typeof characters === "number" && set({ characters })}
        min={500}
        max={1_000_000}
        step={1_000}
        allowDecimal={false}
        thousandSeparator=","
        w={{ base: "100%", xs: 260 }}
        disabled={disabled}
      />
      <Switch
        label="Tools say what they answer"
        description="Output schemas cost tokens at every turn, and few clients use them."
        checked={draft.outputSchemas}
        onChange={(event) => set({ outputSchemas: event.currentTarget.checked })}
        disabled={disabled}
      />
    </Stack>
  );
}
