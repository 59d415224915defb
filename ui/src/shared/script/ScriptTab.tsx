/** The script of a connector: read, changed, tried before it is saved, and saved as a new version. */

import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { configSchemaOf } from "~/api/connectors";
import { typeQuery } from "~/api/catalogue";
import type { Connector } from "~/api/types";
import { Answered } from "~/shared/state/Answered";
import { ScriptWork } from "./ScriptWork";

export default function ScriptTab({ connector }: { connector: Connector }) {
  const type = useQuery(typeQuery(connector.type));
  return (
    <Stack>
      <Answered query={type}>
        {({ definition, version }) => (
          <ScriptWork
            key={connector.id}
            connector={connector}
            schema={configSchemaOf(connector)}
            saved={definition.source.scriptSource ?? ""}
            limits={definition.source.limits}
            version={version}
          />
        )}
      </Answered>
    </Stack>
  );
}
