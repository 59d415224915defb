/** The steps, the one that is open, and the way back to those that are done. */

import { Anchor } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import classes from "./StepList.module.css";
import { placeOf, STEPS, type Step } from "./steps";

export function StepList({ current, search }: { current: Step; search: Record<string, string | undefined> }) {
  const at = placeOf(current);
  return (
    <nav aria-label="Steps">
      <ol className={classes.list}>
        {STEPS.map(({ name, title }, place) => (
          <li key={name} className={classes.step} aria-current={place === at ? "step" : undefined} data-done={place < at || undefined}>
            <span className={classes.number} aria-hidden>
              {place < at ? <IconCheck size={14} /> : place + 1}
            </span>
            {place < at ? (
              <Anchor size="sm" renderRoot={(props) => <Link to="/connectors/new" search={{ ...search, step: name } as never} {...props} />}>
                {title}
              </Anchor>
            ) : (
              title
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
