/** What is around every page: navigation, the palette, the person. */

import { ActionIcon, AppShell, Box, Burger, Group, NavLink, ScrollArea, Text, Tooltip, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKeyboard, IconSearch } from "@tabler/icons-react";
import { Link, Outlet, useMatches, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useLayoutEffect, useState } from "react";
import { navigation } from "./feature";
import { useKeys } from "./keys";
import icon from "../icon.svg";

const PersonMenu = lazy(() => import("./PersonMenu"));
const Palette = lazy(() => import("./Palette"));
const Shortcuts = lazy(() => import("./Shortcuts"));

export function Shell() {
  const [open, { toggle, close }] = useDisclosure();
  const [palette, setPalette] = useState<"never" | "open" | "closed">("never");
  const [help, setHelp] = useState<"never" | "open" | "closed">("never");
  const path = useRouterState({ select: (state) => state.location.pathname });
  const title = useMatches({ select: (matches) => matches.at(-1)?.staticData.title });
  useEffect(close, [path, close]);
  useLayoutEffect(() => {
    // What is known at once; the page itself says more once it is there.
    document.title = title ? `${title} · Jackfield` : "Jackfield";
  }, [title, path]);
  useKeys({ palette: () => setPalette("open"), help: () => setHelp("open") });
  return (
    <AppShell header={{ height: 52 }} navbar={{ width: 216, breakpoint: "sm", collapsed: { mobile: !open } }} padding="md">
      <a href="#main" className="skip-link">
        To the content
      </a>
      <AppShell.Header>
        <Group h="100%" px="sm" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger opened={open} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Navigation" aria-expanded={open} />
            <UnstyledButton renderRoot={(props) => <Link to="/" {...props} />} aria-label="Jackfield, home">
              <Group gap={8} wrap="nowrap">
                <img src={icon} alt="" width={26} height={26} />
                <Text fw={650} visibleFrom="xs">
                  Jackfield
                </Text>
              </Group>
            </UnstyledButton>
          </Group>
          <Group gap={4} wrap="nowrap">
            <Tooltip label="Search everything (Ctrl+K)">
              <ActionIcon variant="subtle" color="gray" size="lg" onClick={() => setPalette("open")} aria-label="Search everything">
                <IconSearch size={20} aria-hidden />
              </ActionIcon>
            </Tooltip>
            <Tooltip label="Keyboard shortcuts (?)">
              <ActionIcon variant="subtle" color="gray" size="lg" onClick={() => setHelp("open")} aria-label="Keyboard shortcuts">
                <IconKeyboard size={20} aria-hidden />
              </ActionIcon>
            </Tooltip>
            <Suspense fallback={<Box w={34} h={34} />}>
              <PersonMenu />
            </Suspense>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Pages">
        <ScrollArea>
          {navigation.map((entry) => (
            <NavLink
              key={entry.path}
              label={entry.label}
              leftSection={<entry.icon size={18} stroke={1.7} aria-hidden />}
              active={entry.path === "/" ? path === "/" : path === entry.path || path.startsWith(`${entry.path}/`)}
              renderRoot={(props) => <Link to={entry.path} activeOptions={{ exact: entry.path === "/" }} {...props} />}
            />
          ))}
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <Outlet />
      </AppShell.Main>
      {palette !== "never" && (
        <Suspense>
          <Palette opened={palette === "open"} close={() => setPalette("closed")} />
        </Suspense>
      )}
      {help !== "never" && (
        <Suspense>
          <Shortcuts opened={help === "open"} close={() => setHelp("closed")} />
        </Suspense>
      )}
    </AppShell>
  );
}
