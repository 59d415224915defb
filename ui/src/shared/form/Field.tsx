/** One field, by the kind of its value. */

import {
  Anchor,
  Button,
  Fieldset,
  Group,
  JsonInput,
  NumberInput,
  PasswordInput,
  Select,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useEffect, useState, type ReactNode } from "react";
import type { Fault } from "~/api/problem";
import { kindOf, labelOf, pointer, resolved, withoutNull, type Schema } from "./schema";
import { replaced, type Values } from "./SchemaForm";

export interface FieldProps {
  name: string;
  /** Its JSON pointer. */
  at: string;
  schema: Schema;
  root: Schema;
  required: boolean;
  value: unknown;
  onChange: (value: unknown) => void;
  faults: readonly Fault[];
  disabled: boolean;
  stored?: boolean;
  depth: number;
}

export function Field(props: FieldProps) {
  const schema = withoutNull(resolved(props.schema, props.root), props.root);
  const kind = kindOf(schema, props.depth);
  const common = {
    label: labelOf(props.name, schema),
    description: about(schema),
    error: props.faults.find((each) => each.pointer === props.at)?.message,
    required: props.required,
    disabled: props.disabled,
    "data-pointer": props.at,
  };
  const text = typeof props.value === "string" ? props.value : "";
  const typed = (value: string) => props.onChange(value === "" ? undefined : value);
  switch (kind) {
    case "secret":
      return (
        <PasswordInput
          {...common}
          required={props.required && !props.stored}
          value={text}
          placeholder={props.stored ? "•••••• set; type to replace" : example(schema)}
          onChange={(event) => typed(event.currentTarget.value)}
          autoComplete="new-password"
        />
      );
    case "textarea":
      return <Textarea {...common} value={text} autosize minRows={3} maxRows={12} onChange={(event) => typed(event.currentTarget.value)} />;
    case "boolean":
      return <Truth {...props} common={common} fallback={schema.default === true} />;
    case "integer":
    case "number":
      return (
        <NumberInput
          {...common}
          value={typeof props.value === "number" ? props.value : ""}
          allowDecimal={kind === "number"}
          placeholder={example(schema)}
          min={schema.minimum}
          max={schema.maximum}
          clampBehavior="none"
          onChange={(value) => props.onChange(typeof value === "number" ? value : undefined)}
        />
      );
    case "select":
      return <Choice schema={schema} value={props.value} onChange={props.onChange} common={common} />;
    case "object":
      return <Nested {...props} schema={schema} legend={common.label} about={common.description} />;
    case "list":
      return <Items {...props} schema={schema} common={common} />;
    case "json":
      return <Raw value={props.value} onChange={props.onChange} common={common} />;
    default:
      return (
        <TextInput
          {...common}
          value={text}
          type={kind === "date" ? "date" : kind === "url" ? "url" : "text"}
          placeholder={example(schema)}
          onChange={(event) => typed(event.currentTarget.value)}
          autoComplete="off"
        />
      );
  }
}

interface Common {
  label: string;
  description: ReactNode;
  error: string | undefined;
  required: boolean;
  disabled: boolean;
  "data-pointer": string;
}

function Truth({ value, onChange, common, fallback }: FieldProps & { common: Common; fallback: boolean }) {
  const { required: _, ...rest } = common;
  return <Switch {...rest} checked={typeof value === "boolean" ? value : fallback} onChange={(event) => onChange(event.currentTarget.checked)} />;
}

function Choice({ schema, value, onChange, common }: { schema: Schema; value: unknown; onChange: (value: unknown) => void; common: Common }) {
  const choices = (schema.enum ?? []).filter((each) => each !== null);
  const written = (each: unknown) => (typeof each === "string" ? each : JSON.stringify(each));
  return (
    <Select
      {...common}
      data={[...new Set(choices.map(written))]}
      value={value === undefined ? null : written(value)}
      clearable={!common.required}
      searchable={choices.length > 8}
      onChange={(chosen) => onChange(chosen === null ? undefined : choices.find((each) => written(each) === chosen))}
    />
  );
}

function Nested({ at, schema, root, value, onChange, faults, disabled, depth, legend, about: told }: FieldProps & { legend: string; about: ReactNode }) {
  const values = (typeof value === "object" && value !== null ? value : {}) as Values;
  return (
    <Fieldset legend={legend} p="sm">
      {told && (
        <Text size="xs" c="dimmed" mb="xs">
          {told}
        </Text>
      )}
      <Stack gap="sm">
        {Object.entries(schema.properties ?? {}).map(([name, each]) => (
          <Field
            key={name}
            name={name}
            at={pointer(at, name)}
            schema={each}
            root={root}
            required={schema.required?.includes(name) ?? false}
            value={values[name]}
            onChange={(changed) => {
              const next = replaced(values, name, changed);
              onChange(Object.keys(next).length > 0 ? next : undefined);
            }}
            faults={faults}
            disabled={disabled}
            depth={depth + 1}
          />
        ))}
      </Stack>
    </Fieldset>
  );
}

function Items({ at, name, schema, root, value, onChange, faults, disabled, depth, common }: FieldProps & { common: Common }) {
  const items = Array.isArray(value) ? (value as unknown[]) : [];
  const set = (changed: unknown[]) => onChange(changed.length > 0 ? changed : undefined);
  return (
    <Fieldset legend={common.label + (common.required ? " *" : "")} p="sm">
      {common.description && (
        <Text size="xs" c="dimmed" mb="xs">
          {common.description}
        </Text>
      )}
      <Stack gap="xs">
        {items.map((item, index) => (
          <Group key={index} align="flex-end" wrap="nowrap">
            <div style={{ flex: 1, minWidth: 0 }}>
              <Field
                name={`${name} ${index + 1}`}
                at={pointer(at, index)}
                schema={schema.items as Schema}
                root={root}
                required={false}
                value={item}
                onChange={(changed) => set(items.map((each, place) => (place === index ? (changed ?? "") : each)))}
                faults={faults}
                disabled={disabled}
                depth={depth + 1}
              />
            </div>
            <Button
              variant="default"
              disabled={disabled}
              aria-label={`Remove ${name} ${index + 1}`}
              onClick={() => set(items.filter((_, place) => place !== index))}
            >
              Remove
            </Button>
          </Group>
        ))}
        <Group>
          <Button variant="default" size="xs" disabled={disabled} onClick={() => set([...items, first(schema.items as Schema)])}>
            Add
          </Button>
        </Group>
        {common.error && (
          <Text size="xs" c="var(--mantine-color-error)">
            {common.error}
          </Text>
        )}
      </Stack>
    </Fieldset>
  );
}

function first(schema: Schema): unknown {
  const kind = kindOf(schema);
  if (kind === "object") return {};
  if (kind === "boolean") return false;
  return kind === "number" || kind === "integer" ? 0 : "";
}

/** Text that is JSON, or not yet. */
function Raw({ value, onChange, common }: { value: unknown; onChange: (value: unknown) => void; common: Common }) {
  const written = value === undefined ? "" : JSON.stringify(value, null, 2);
  const [text, setText] = useState(written);
  const [wrong, setWrong] = useState("");
  useEffect(() => {
    setText((before) => (same(before, value) ? before : written));
  }, [written, value]);
  return (
    <JsonInput
      {...common}
      error={wrong || common.error}
      value={text}
      autosize
      minRows={2}
      maxRows={14}
      placeholder="JSON"
      onChange={(typed) => {
        setText(typed);
        try {
          onChange(typed.trim() === "" ? undefined : JSON.parse(typed));
          setWrong("");
        } catch {
          setWrong("This is not JSON yet.");
        }
      }}
    />
  );
}

function same(text: string, value: unknown): boolean {
  try {
    return JSON.stringify(text.trim() === "" ? undefined : JSON.parse(text)) === JSON.stringify(value);
  } catch {
    return true; // half-typed: the person goes on
  }
}

function about(schema: Schema): ReactNode {
  const words = [schema.deprecated ? "Deprecated." : "", schema.description, schema.helpText].filter(Boolean).join(" ");
  if (!/^https?:\/\//.test(schema.helpUrl ?? "")) return words || undefined;
  return (
    <>
      {words}{" "}
      <Anchor href={schema.helpUrl} target="_blank" rel="noreferrer" size="xs" underline="always">
        More about it
      </Anchor>
    </>
  );
}

function example(schema: Schema): string {
  const shown = schema.placeholder ?? schema.default ?? schema.examples?.[0];
  return shown === undefined || shown === null || typeof shown === "object" ? "" : String(shown);
}
