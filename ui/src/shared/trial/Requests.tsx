/** The requests that a call has sent, each with what the network policy said. */

import { Table, Text, Title } from "@mantine/core";
import type { SentRequest, Trial } from "~/api/trying";
import { Status } from "~/shared/status/Status";

export function Requests({ trial: { requests, leftOut } }: { trial: Trial }) {
  if (requests.length === 0) return null;
  return (
    <div>
      <Title order={3} size="sm" mb={4}>
        Requests sent
      </Title>
      <Table.ScrollContainer minWidth={520} maxHeight={260} scrollAreaProps={{ viewportProps: { tabIndex: 0, role: "region", "aria-label": "Requests sent" } }}>
        <Table verticalSpacing={4} fz="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col" style={{ whiteSpace: "nowrap" }}>Request</Table.Th>
              <Table.Th scope="col" style={{ whiteSpace: "nowrap" }}>Answer</Table.Th>
              <Table.Th scope="col" style={{ whiteSpace: "nowrap" }}>Policy</Table.Th>
              <Table.Th scope="col" ta="right" style={{ whiteSpace: "nowrap" }}>
                Time
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {requests.map((each, at) => (
              <Table.Tr key={at}>
                <Table.Td>
                  <Text size="xs" ff="monospace">
                    {each.method} {each.url}
                  </Text>
                </Table.Td>
                <Table.Td style={{ whiteSpace: "nowrap" }}>{each.status ?? each.code ?? "none"}</Table.Td>
                <Table.Td>
                  <Policy of={each} />
                </Table.Td>
                <Table.Td ta="right" className="tabular" style={{ whiteSpace: "nowrap" }}>
                  {Math.round(each.ms)} ms
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {(leftOut?.requests ?? 0) > 0 && (
        <Text size="xs" c="dimmed">
          {leftOut.requests} more requests are not listed.
        </Text>
      )}
    </div>
  );
}

function Policy({ of }: { of: SentRequest }) {
  if (of.code !== "url-refused") return <Status is="ok" word="Allowed" />;
  return (
    <>
      <Status is="failing" word="Refused" />
      <Text size="xs" c="dimmed">
        {of.error}
      </Text>
    </>
  );
}
