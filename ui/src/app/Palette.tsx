/** One field that leads everywhere. */

import { Spotlight, type SpotlightActionData, createSpotlight } from "@mantine/spotlight";
import "@mantine/spotlight/styles.css";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { features, navigation } from "./feature";

const [store, spotlight] = createSpotlight();

export default function Palette({ opened, close }: { opened: boolean; close: () => void }) {
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text, 120);
  const client = useQueryClient();
  const navigate = useNavigate();
  useEffect(() => (opened ? spotlight.open() : spotlight.close()), [opened]);
  const found = useQuery({
    queryKey: ["palette", asked],
    queryFn: async () => {
      const lists = await Promise.allSettled(features.map((each) => each.find?.(asked, client) ?? []));
      return lists.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
    },
    enabled: opened,
    placeholderData: (before) => before,
  });
  const go = (path: string) => () => void navigate({ to: path });
  const words = text.toLowerCase().split(/\s+/);
  const pages: SpotlightActionData[] = navigation
    .filter((each) => words.every((word) => each.label.toLowerCase().includes(word)))
    .map((each) => ({ id: each.path, label: each.label, onClick: go(each.path), leftSection: <each.icon size={18} aria-hidden /> }));
  const others: SpotlightActionData[] = (found.data ?? []).map((each) => ({
    id: each.id,
    label: each.label,
    description: `${each.group}${each.description ? ` · ${each.description}` : ""}`,
    onClick: go(each.path),
  }));
  return (
    <Spotlight
      store={store}
      actions={[...pages, ...others]}
      filter={(_, all) => all}
      query={text}
      onQueryChange={setText}
      onSpotlightClose={close}
      shortcut={null}
      scrollable
      maxHeight={420}
      nothingFound="Nothing found"
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: "Screens, connectors, commands, calls",
        "aria-label": "Search everything",
      }}
    />
  );
}
