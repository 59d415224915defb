/** A key with Ctrl, or with Cmd on a Mac, while a part of a page is shown. It works inside fields, too. */

import { useEffect, useRef } from "react";

export function useModKey(key: string, action: () => void, on = true): void {
  const latest = useRef(action);
  latest.current = action;
  useEffect(() => {
    if (!on) return;
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== key.toLowerCase() || event.defaultPrevented) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [key, on]);
}
