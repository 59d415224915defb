/** Two texts, and what is different: what went is marked with “−”, what came with “+”. */

import { Text } from "@mantine/core";
import { useMemo } from "react";
import classes from "./Diff.module.css";
import { diffLines, nearChanges } from "./lines";

export function Diff({ label, before, after }: { label: string; before: string; after: string }) {
  const lines = useMemo(() => nearChanges(diffLines(before, after)), [before, after]);
  if (before === after) {
    return (
      <Text size="sm" c="dimmed">
        They are the same.
      </Text>
    );
  }
  return (
    <div className={classes.frame} tabIndex={0} role="region" aria-label={label}>
      <table className={classes.table}>
        <tbody>
          {lines.map((line, at) =>
            typeof line === "number" ? (
              <tr key={at} className={classes.left}>
                <td colSpan={4}>
                  {line} {line === 1 ? "line is" : "lines are"} the same
                </td>
              </tr>
            ) : (
              <tr key={at} className={line.kind === "same" ? undefined : classes[line.kind]}>
                <td className={classes.number}>{line.before}</td>
                <td className={classes.number}>{line.after}</td>
                <td className={classes.sign} aria-label={line.kind === "out" ? "removed" : line.kind === "in" ? "added" : undefined}>
                  {line.kind === "out" ? "−" : line.kind === "in" ? "+" : ""}
                </td>
                <td>{line.text}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}
