/** A button that says why it cannot be used, where it cannot. It is never silently gone. */

import { Button, Tooltip, type ButtonProps } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

export interface RefusedButtonProps extends ButtonProps {
  /** Why not; empty where it can be used. */
  refusal: string;
  onClick?: () => void;
  /** The page that it opens, instead of `onClick`. */
  link?: string;
  type?: "button" | "submit";
  children: ReactNode;
}

export function RefusedButton({ refusal, link, onClick, children, type = "button", ...rest }: RefusedButtonProps) {
  if (refusal) {
    // `data-disabled` and not `disabled`: the reason is there for the keyboard, too.
    return (
      <Tooltip label={refusal} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
        <Button {...rest} data-disabled aria-disabled="true" onClick={(event) => event.preventDefault()} type="button">
          {children}
        </Button>
      </Tooltip>
    );
  }
  if (link) {
    return (
      <Button {...rest} renderRoot={(props) => <Link to={link} {...props} />}>
        {children}
      </Button>
    );
  }
  return (
    <Button {...rest} onClick={onClick} type={type}>
      {children}
    </Button>
  );
}
