/** One tool as a model sees it. */

import { Anchor, Modal, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Tool } from "~/api/tools";
import { ToolShown } from "./ToolShown";

export function ToolDialog({ tool, close }: { tool: Tool | null; close: () => void }) {
  return (
    <Modal opened={tool !== null} onClose={close} title="What the model sees" size="lg" closeButtonProps={{ "aria-label": "Close" }}>
      {tool && (
        <Stack gap="sm">
          <ToolShown tool={tool} />
          {tool.connector.includes("/") && (
            <Text size="sm">
              It calls <Anchor renderRoot={(props) => <Link to={`/connectors/${tool.connector}`} search={{ tab: "commands", command: tool.command } as never} {...props} />}>{`${tool.connector} ${tool.command}`}</Anchor>.
            </Text>
          )}
        </Stack>
      )}
    </Modal>
  );
}
