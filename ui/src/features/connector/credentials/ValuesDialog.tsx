/** Puts in the values of a credential, or others in their place. They are never shown again. */

import { Accordion, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import type { Accepted } from "~/api/catalogue";
import { changeCredential, createCredential, credentialsChanged, type Credential } from "~/api/credentials";
import { asProblem } from "~/api/problem";
import type { Connector } from "~/api/types";
import { FormDialog } from "~/shared/dialog/FormDialog";
import { FormEnd } from "~/shared/dialog/FormEnd";
import { faultsByName, isTold } from "~/shared/form/faults";
import { SchemaForm, type Values } from "~/shared/form/SchemaForm";
import { Failed } from "~/shared/state/Failed";
import { told } from "~/shared/told/told";
import { asked, CredentialFields, NOTHING_GIVEN } from "./CredentialFields";
import { valueSchemas } from "./words";

const MASKED = /^[•*]+$/;

export function ValuesDialog({
  connector,
  accepted,
  credential,
  close,
}: {
  connector: Connector;
  accepted: Accepted;
  /** The one whose values are replaced; a new one without it. */
  credential: Credential | null;
  close: () => void;
}) {
  const { own, others } = valueSchemas(connector, accepted);
  const names = [...Object.keys(own.properties ?? {}), ...Object.keys(others.properties ?? {})];
  const first = plainOf(credential);
  const [given, setGiven] = useState(NOTHING_GIVEN);
  const [values, setValues] = useState<Values>(first);
  const client = useQueryClient();
  const changes = { ...Object.fromEntries(Object.keys(first).flatMap((name) => (name in values ? [] : [[name, null]]))), ...values };
  const save = useMutation({
    mutationFn: () =>
      credential
        ? changeCredential(credential, { values: changes })
        : createCredential({ connector: `${connector.namespace}/${connector.name}`, mode: "values", values, ...asked(given) }),
    onSuccess: (saved) => {
      told(credential ? `The values of “${saved.name}” are replaced.` : `“${saved.name}” is kept.`);
      void credentialsChanged(client);
      close();
    },
  });
  const faults = faultsByName(save.error);
  const typed = JSON.stringify(values) !== JSON.stringify(first);
  const ready = typed && !save.isPending;
  const dirty = (typed || given !== NOTHING_GIVEN) && !save.isPending && !save.isSuccess;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) save.mutate();
  };
  const stored = Object.keys(credential?.values ?? {}).filter((name) => !(name in first));
  const form = { value: values, onChange: setValues, faults: save.error ? asProblem(save.error).errors.filter((each) => names.some((name) => each.pointer === `/values/${name}`)) : [], base: "/values", stored };
  return (
    <FormDialog title={credential ? `Values of “${credential.name}”` : "Add a credential"} dirty={dirty} close={close}>
      {(leave) => (
        <form onSubmit={submit} noValidate>
          <Stack gap="sm">
            {!credential && <CredentialFields value={given} onChange={setGiven} faults={faults} nameHint="Such as “Marketing”, to name it in calls" />}
            {Object.keys(own.properties ?? {}).length > 0 ? (
              <SchemaForm schema={own} {...form} />
            ) : (
              <Text size="sm" c="dimmed">
                Connectors of this type have no secrets. A credential can have other values for the connection all the same.
              </Text>
            )}
            {Object.keys(others.properties ?? {}).length > 0 && (
              <Accordion variant="contained" order={3} defaultValue={Object.keys(own.properties ?? {}).length === 0 ? "others" : null}>
                <Accordion.Item value="others">
                  <Accordion.Control>Other fields of the connection</Accordion.Control>
                  <Accordion.Panel>
                    <Text size="xs" c="dimmed" mb="xs">
                      What is filled in here goes before what the connector has, in calls with this credential.
                    </Text>
                    <SchemaForm schema={others} {...form} />
                  </Accordion.Panel>
                </Accordion.Item>
              </Accordion>
            )}
            {save.error && !isTold(save.error, ["name", "endUser"]) && form.faults.length === 0 && <Failed problem={asProblem(save.error)} />}
            <FormEnd label={credential ? "Save" : "Keep it"} leave={leave} busy={save.isPending} ready={ready} />
          </Stack>
        </form>
      )}
    </FormDialog>
  );
}

/** Its values that are no secrets. */
function plainOf(credential: Credential | null): Values {
  return Object.fromEntries(Object.entries(credential?.values ?? {}).filter(([, value]) => !(typeof value === "string" && MASKED.test(value))));
}
