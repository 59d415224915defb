/** A JSON value to look at: as a tree or as text, and to copy. Large values stay quick: what is not in sight is not drawn. */

import { Button, CopyButton, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { JsonTree } from "./JsonTree";
import classes from "./JsonView.module.css";
import { kindOf } from "./rows";

const TEXT_SHOWN = 100_000;

export function JsonView({ label, value, maxHeight = 480 }: { /** What it is, for screen readers, such as `Result`. */ label: string; value: unknown; maxHeight?: number }) {
  const [as, setAs] = useState("tree");
  const text = useMemo(() => (value === undefined ? "null" : JSON.stringify(value, null, 2)), [value]);
  const plain = !["object", "array"].includes(kindOf(value));
  return (
    <Stack gap={6}>
      <Group gap="xs" justify="flex-end">
        {!plain && (
          <SegmentedControl
            size="xs"
            value={as}
            onChange={setAs}
            aria-label={`${label}: how it is shown`}
            data={[
              { value: "tree", label: "Tree" },
              { value: "text", label: "Text" },
            ]}
          />
        )}
        <CopyButton value={typeof value === "string" ? value : text}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" onClick={copy} leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}>
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
      </Group>
      {as === "text" || plain ? (
        <Raw label={label} text={typeof value === "string" ? value : text} maxHeight={maxHeight} />
      ) : (
        <JsonTree label={label} value={value} maxHeight={maxHeight} />
      )}
    </Stack>
  );
}

function Raw({ label, text, maxHeight }: { label: string; text: string; maxHeight: number }) {
  return (
    <>
      <div className={classes.frame} style={{ maxHeight }} tabIndex={0} role="region" aria-label={label}>
        <pre className={classes.raw}>{text.slice(0, TEXT_SHOWN)}</pre>
      </div>
      {text.length > TEXT_SHOWN && (
        <Text size="xs" c="dimmed">
          The first {TEXT_SHOWN.toLocaleString("en")} of {text.length.toLocaleString("en")} characters. “Copy” copies all.
        </Text>
      )}
    </>
  );
}
