/** Why a call failed: what was said, its code, what to do, where in a script. */

import { Alert, Code, List, ScrollArea, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { JsonView } from "~/shared/json/JsonView";
import type { Told } from "./outcome";

export function ErrorPart({ told }: { told: Told }) {
  const { stack, line, column, exception, errors, ...rest } = told.diagnostics;
  const faults = Array.isArray(errors) ? errors.filter(isFault) : [];
  const others = faults.length === 0 && errors !== undefined ? { ...rest, errors } : rest;
  return (
    <Stack gap="sm">
      <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={told.error || "It failed without saying why"}>
        <Stack gap={6}>
          {told.hint && <Text size="sm">{told.hint}</Text>}
          {faults.length > 0 && (
            <List size="sm">
              {faults.map((each) => (
                <List.Item key={`${each.pointer} ${each.message}`}>
                  <Code>{each.pointer || "/"}</Code> {each.message}
                </List.Item>
              ))}
            </List>
          )}
          {told.code && (
            <Text size="sm">
              Code: <Code>{told.code}</Code>
            </Text>
          )}
        </Stack>
      </Alert>
      {typeof line === "number" && (
        <Text size="sm">
          {typeof exception === "string" ? `${exception} in ` : "In "}line {line}
          {typeof column === "number" ? `, column ${column}` : ""} of the script.
        </Text>
      )}
      {typeof stack === "string" && (
        <ScrollArea.Autosize mah={240} viewportProps={{ tabIndex: 0, role: "region", "aria-label": "Stack" }}>
          <Code block>{stack}</Code>
        </ScrollArea.Autosize>
      )}
      {Object.keys(others).length > 0 && (
        <>
          <Title order={3} size="h5">
            Diagnostics
          </Title>
          <JsonView label="Diagnostics" value={others} />
        </>
      )}
    </Stack>
  );
}

function isFault(value: unknown): value is { pointer: string; message: string } {
  return typeof value === "object" && value !== null && "pointer" in value && "message" in value;
}
