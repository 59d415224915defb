/** Shapes of what is coming, shown only when it takes longer than an eye notices. */

import { Box, Skeleton, Stack, VisuallyHidden } from "@mantine/core";
import { useEffect, useState, type ReactNode } from "react";

export const NOTICED_MS = 150;

export function Late({ children }: { children: ReactNode }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), NOTICED_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Box role="status" aria-busy="true">
      <VisuallyHidden>Loading</VisuallyHidden>
      <Box style={{ visibility: late ? "visible" : "hidden" }}>{children}</Box>
    </Box>
  );
}

export function TableSkeleton({ rows = 8 }: { rows?: number }) {
  return (
    <Late>
      <Stack gap={6}>
        {Array.from({ length: rows }, (_, at) => (
          <Skeleton key={at} height={38} />
        ))}
      </Stack>
    </Late>
  );
}

export function FormSkeleton({ fields = 4 }: { fields?: number }) {
  return (
    <Late>
      <Stack gap="md" maw={560}>
        {Array.from({ length: fields }, (_, at) => (
          <Skeleton key={at} height={56} />
        ))}
      </Stack>
    </Late>
  );
}

/** Of a page whose code is still on its way, its heading too. */
export function PagePending() {
  return (
    <>
      <VisuallyHidden component="h1">Loading</VisuallyHidden>
      <PageSkeleton />
    </>
  );
}

export function PageSkeleton() {
  return (
    <Late>
      <Stack gap="md">
        <Skeleton height={34} width={220} />
        <Skeleton height={240} />
      </Stack>
    </Late>
  );
}
