/** What a call has used of what it may use. */

import { Group, Progress, SimpleGrid, Text, Title } from "@mantine/core";
import type { Usage } from "~/api/trying";

const MIB = 1024 * 1024;

/** Of a script, as far as they are not the usual ones. */
export interface UsedLimits {
  memoryMb?: number;
  cpuMs?: number;
}

export function Used({ usage, limits = {} }: { usage: Usage; limits?: UsedLimits }) {
  const { durationMs, cpuMs, memoryBytes, hostCalls } = usage;
  const [cpu, memory] = [limits.cpuMs ?? 5_000, limits.memoryMb ?? 64];
  return (
    <div>
      <Title order={3} size="sm" mb={4}>
        Used
      </Title>
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
        {durationMs != null && <Part label="Time in all" value={`${Math.round(durationMs)} ms`} />}
        {cpuMs !== undefined && <Part label="Computing" value={`${round(cpuMs)} of ${cpu} ms`} share={cpuMs / cpu} />}
        {memoryBytes !== undefined && <Part label="Memory" value={`${round(memoryBytes / MIB)} of ${memory} MiB`} share={memoryBytes / MIB / memory} />}
        {hostCalls !== undefined && <Part label="Requests" value={String(hostCalls)} />}
      </SimpleGrid>
    </div>
  );
}

function Part({ label, value, share }: { label: string; value: string; share?: number }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Group gap={4}>
        <Text size="sm" className="tabular">
          {value}
        </Text>
      </Group>
      {share !== undefined && <Progress value={Math.min(share * 100, 100)} color={share > 0.8 ? "orange" : "blue"} size="xs" aria-label={`${label}, share of the limit`} />}
    </div>
  );
}

function round(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}
