/** Search, filters and order of the list. All of it stands in the address. */

import { Button, CloseButton, Group, SegmentedControl, Select, TextInput } from "@mantine/core";
import { IconLayoutGrid, IconList, IconSearch } from "@tabler/icons-react";
import { memo } from "react";
import { statusWord } from "~/shared/status/Status";
import type { Search } from "~/shared/url/useUrlState";
import { choicesOf, FILTERS, SORTS, valueWord, type Filter, type Row } from "./listing";

const LABELS: Record<Filter, string> = { health: "Status", kind: "Kind", category: "Category", tag: "Tag", namespace: "Namespace" };

export function Filters({
  rows,
  text,
  setText,
  search,
  change,
  clear,
}: {
  rows: readonly Row[];
  text: string;
  setText: (text: string) => void;
  search: Search;
  change: (changed: Search) => void;
  clear: () => void;
}) {
  const filtered = text !== "" || FILTERS.some((filter) => search[filter]);
  return (
    <Group gap="xs" align="flex-end">
      <TextInput
        label="Search"
        placeholder="Names, descriptions, commands"
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={text && <CloseButton size="sm" aria-label="Clear the search" onClick={() => setText("")} />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        data-search
        style={{ flex: "1 1 240px" }}
      />
      <Choices rows={rows} search={search} change={change} />
      <SegmentedControl
        aria-label="Show as"
        value={search.view === "cards" ? "cards" : "table"}
        onChange={(view) => change({ view: view === "table" ? "" : view })}
        data={[
          { value: "table", label: <IconList size={18} aria-label="Table" role="img" style={{ display: "block" }} /> },
          { value: "cards", label: <IconLayoutGrid size={18} aria-label="Cards" role="img" style={{ display: "block" }} /> },
        ]}
      />
      {filtered && (
        <Button variant="subtle" onClick={clear}>
          Clear
        </Button>
      )}
    </Group>
  );
}

/** Counted and drawn anew only when the list or the address changes, and not with each letter of the search. */
const Choices = memo(function Choices({ rows, search, change }: { rows: readonly Row[]; search: Search; change: (changed: Search) => void }) {
  return (
    <>
      {FILTERS.map((filter) => {
        const choices = choicesOf(rows, filter);
        const value = search[filter] ?? "";
        if (choices.length < 2 && !value) return null;
        const known = choices.some((each) => each.value === value) || !value ? choices : [...choices, { value, count: 0 }];
        return (
          <Select
            key={filter}
            label={LABELS[filter]}
            placeholder="All"
            data={known.map((each) => ({
              value: each.value,
              label: `${filter === "health" ? statusWord(each.value) : valueWord(filter, each.value)} (${each.count})`,
            }))}
            value={value || null}
            onChange={(next) => change({ [filter]: next ?? "" })}
            clearable
            searchable={known.length > 8}
            w={160}
          />
        );
      })}
      <Select label="Order" data={[...SORTS]} value={search.sort ?? ""} onChange={(sort) => change({ sort: sort ?? "" })} allowDeselect={false} w={190} />
    </>
  );
});
