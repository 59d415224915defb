/** Tools in a list, with what calling them means and what they cost. A row opens what the model sees. */

import { Anchor, Code, Text } from "@mantine/core";
import { useState } from "react";
import type { Tool } from "~/api/tools";
import { CommandMarks } from "~/shared/command/CommandMarks";
import { DataTable } from "~/shared/table/DataTable";
import { marksOf } from "./forms";
import { ToolDialog } from "./ToolDialog";

export function ToolTable({ tools, label = "Tools" }: { tools: readonly Tool[]; label?: string }) {
  const [shown, setShown] = useState<Tool | null>(null);
  return (
    <>
      <DataTable
        label={label}
        rows={tools}
        id={(row) => row.name}
        onOpen={setShown}
        columns={[
          {
            name: "name",
            label: "Tool",
            cell: (row) => (
              <div style={{ minWidth: 0 }}>
                <Anchor component="button" type="button" ta="left" onClick={() => setShown(row)} style={{ overflowWrap: "anywhere" }}>
                  <Code style={{ overflowWrap: "anywhere", whiteSpace: "normal" }}>{row.name}</Code>
                </Anchor>
                <Text size="sm" lineClamp={2}>
                  {row.description || row.title}
                </Text>
              </div>
            ),
          },
          { name: "risk", label: "Risk", width: 110, cell: (row) => <CommandMarks command={marksOf(row)} /> },
          { name: "tokens", label: "Tokens", width: 90, align: "right", cell: (row) => <span className="tabular">{(row.cost?.tokens ?? 0).toLocaleString("en")}</span> },
        ]}
      />
      <ToolDialog tool={shown} close={() => setShown(null)} />
    </>
  );
}
