/** A field whose text is a filter of the view, in its address, when the typing has paused. */

import { Autocomplete } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useEffect, useState } from "react";
import { useUrlSearch } from "~/shared/url/useUrlState";

export function TypedFilter({
  label,
  name,
  data,
  first = false,
  width = 190,
}: {
  label: string;
  /** Of the part of the address. */
  name: string;
  /** What is offered. */
  data: string[];
  /** Where `/` leads. */
  first?: boolean;
  width?: number | string;
}) {
  const [search, change] = useUrlSearch();
  const given = search[name] ?? "";
  const [text, setText] = useState(given);
  useEffect(() => setText(given), [given]);
  const later = useDebouncedCallback((value: string) => change({ [name]: value.trim() }), 300);
  return (
    <Autocomplete
      label={label}
      placeholder="Any"
      size="sm"
      w={{ base: "100%", xs: width }}
      data={data}
      value={text}
      onChange={(value) => {
        setText(value);
        later(value);
      }}
      {...(first ? { "data-search": true } : {})}
    />
  );
}
