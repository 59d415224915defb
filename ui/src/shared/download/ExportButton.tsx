/** Saves a filtered list as JSON lines, page by page, with its progress, a way to stop, and a bound. */

import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { read, type Query } from "~/api/lists";
import { asProblem } from "~/api/problem";
import type { Listed } from "~/api/types";
import { jsonLines, saveFile } from "./saveFile";

/** More than so many are not for a browser: the command line has them all. */
const BOUND = 50_000;
const PAGE = 200;

export function ExportButton({ path, query, file }: { /** Of the list, which has cursors. */ path: string; query: Query; file: string }) {
  const [count, setCount] = useState<number | null>(null);
  const [stop, setStop] = useState<AbortController | null>(null);
  const run = async () => {
    const control = new AbortController();
    setStop(control);
    setCount(0);
    try {
      const found = await readPages(path, query, setCount, control.signal);
      if (control.signal.aborted) return;
      saveFile(file, jsonLines(found.items), "application/x-ndjson");
      notifications.show({
        message: found.more ? `The newest ${found.items.length} are saved; there are more. Filter by time for the others.` : `${found.items.length} saved to ${file}.`,
      });
    } catch (error) {
      notifications.show({ color: "red", title: "Nothing was saved", message: asProblem(error).message });
    } finally {
      setStop(null);
      setCount(null);
    }
  };
  if (count !== null) {
    return (
      <Group gap={6} wrap="nowrap">
        <Text size="sm" role="status" className="tabular">
          {count} read
        </Text>
        <Button size="xs" variant="default" onClick={() => stop?.abort()}>
          Stop
        </Button>
      </Group>
    );
  }
  return (
    <Button size="xs" variant="default" leftSection={<IconDownload size={14} aria-hidden />} onClick={() => void run()}>
      Export
    </Button>
  );
}

async function readPages(path: string, query: Query, told: (count: number) => void, signal: AbortSignal): Promise<{ items: unknown[]; more: boolean }> {
  const items: unknown[] = [];
  let cursor: string | undefined;
  do {
    const page: Listed<unknown> = await read<Listed<unknown>>(path, { ...query, pageSize: PAGE, total: false, cursor });
    items.push(...page.items);
    told(items.length);
    cursor = page.nextCursor || undefined;
  } while (cursor && items.length < BOUND && !signal.aborted);
  return { items, more: cursor !== undefined };
}
