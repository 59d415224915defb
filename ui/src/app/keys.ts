/** Keys that work on every page. Those of one letter can be switched off (WCAG 2.1.4), and never work inside fields. */

import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { navigation } from "./feature";

const SETTING = "jackfield-single-keys";
const SEQUENCE_MS = 1_000;
/** Not 0, which is when the page was opened: its first second would count as after `g`. */
const NEVER = -Infinity;

export function singleKeys(): boolean {
  try {
    return localStorage.getItem(SETTING) !== "off";
  } catch {
    return true;
  }
}

export function setSingleKeys(on: boolean): void {
  try {
    localStorage.setItem(SETTING, on ? "on" : "off");
  } catch {
    // Without storage it lasts as long as the page; there is nobody to tell.
  }
}

/** Whether a key goes into what the person writes, or belongs to a dialog or menu that is open. */
export function isTaken(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return true;
  return target.closest("[role=dialog], [role=menu], [role=listbox]") !== null;
}

/** Plain letters, where they are on and nobody writes. */
export function isSingleKey(event: KeyboardEvent): boolean {
  return !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented && singleKeys() && !isTaken(event);
}

export function useKeys({ palette, help }: { palette: () => void; help: () => void }): void {
  const navigate = useNavigate();
  const pressed = useRef(NEVER);
  const actions = useRef({ palette, help });
  actions.current = { palette, help };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        actions.current.palette();
        return;
      }
      if (!isSingleKey(event)) return;
      const afterG = event.timeStamp - pressed.current < SEQUENCE_MS;
      pressed.current = event.key === "g" && !afterG ? event.timeStamp : NEVER;
      if (afterG) {
        const entry = navigation.find((each) => each.key === event.key);
        if (entry) void navigate({ to: entry.path });
      } else if (event.key === "?") actions.current.help();
      else if (event.key === "/") focusSearch(event);
      else if (event.key === "c") void navigate({ to: "/connectors/new" });
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [navigate]);
}

function focusSearch(event: KeyboardEvent): void {
  const field = document.querySelector<HTMLInputElement>("[data-search]");
  if (!field) return;
  event.preventDefault();
  field.focus();
}
