/** The text of the search: in the field at once, in the address a moment later, on the list as soon as there is time. */

import { useDebouncedCallback } from "@mantine/hooks";
import { useDeferredValue, useEffect, useRef, useState } from "react";
import type { Search } from "~/shared/url/useUrlState";

const WAIT_MS = 250;

export function useListSearch(search: Search, change: (changed: Search) => void): [text: string, setText: (text: string) => void, asked: string] {
  const inAddress = search.q ?? "";
  const [text, setText] = useState(inAddress);
  const written = useRef(inAddress);
  const write = useDebouncedCallback((value: string) => {
    written.current = value;
    change({ q: value });
  }, WAIT_MS);
  useEffect(() => {
    if (inAddress !== written.current) {
      written.current = inAddress;
      setText(inAddress);
    }
  }, [inAddress]);
  const set = (value: string) => {
    setText(value);
    write(value);
  };
  return [text, set, useDeferredValue(text)];
}
