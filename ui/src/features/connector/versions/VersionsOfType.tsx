/** The versions of a connector's type. */

import { Anchor, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { typePage } from "~/api/catalogue";
import type { Connector } from "~/api/types";
import { Versions } from "~/shared/versions/Versions";

export default function VersionsOfType({ connector }: { connector: Connector }) {
  return (
    <Stack gap="md">
      <Text size="sm">
        The commands belong to the type{" "}
        <Anchor inherit underline="always" renderRoot={(props) => <Link to={typePage(connector.type)} {...props} />}>
          {connector.type}
        </Anchor>
        . A change of them is a new version.
      </Text>
      <Versions type={connector.type} used={connector.typeVersion} />
    </Stack>
  );
}
