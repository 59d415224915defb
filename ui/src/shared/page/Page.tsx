/** The frame of a page: where it is, what it is called, what can be done here. */

import { Anchor, Breadcrumbs, Group, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useEffect, type ReactNode } from "react";

export interface Crumb {
  label: string;
  path: string;
}

export function Page({
  title,
  about,
  crumbs = [],
  icon,
  actions,
  children,
}: {
  title: string;
  /** A line under the title. */
  about?: ReactNode;
  crumbs?: readonly Crumb[];
  icon?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Jackfield`;
  }, [title]);
  return (
    <Stack gap="md">
      {crumbs.length > 0 && (
        <nav aria-label="Breadcrumb">
          <Breadcrumbs>
            {crumbs.map((each) => (
              <Anchor key={each.path} size="sm" renderRoot={(props) => <Link to={each.path} {...props} />}>
                {each.label}
              </Anchor>
            ))}
          </Breadcrumbs>
        </nav>
      )}
      <Group justify="space-between" align="flex-start" gap="sm">
        <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
          {icon}
          <div style={{ minWidth: 0 }}>
            <Title order={1} size="h2">
              {title}
            </Title>
            {about && (
              <Text component="div" c="dimmed" size="sm">
                {about}
              </Text>
            )}
          </div>
        </Group>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}
