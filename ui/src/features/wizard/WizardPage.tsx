/** Makes a connector, step by step. The address says which kind, step and draft; the draft has the rest. */

import { Stack } from "@mantine/core";
import { useEffect, useState } from "react";
import { Page } from "~/shared/page/Page";
import { useUrlSearch } from "~/shared/url/useUrlState";
import { closeDraft, openDraft, type Draft } from "./draft";
import { DraftList } from "./DraftList";
import { DraftLoader } from "./DraftLoader";
import { KindStep } from "./KindStep";
import { kindNamed } from "./kinds";
import { StepList } from "./StepList";
import { stepNamed } from "./steps";
import { Wizard } from "./Wizard";

export default function WizardPage() {
  const [search, change] = useUrlSearch();
  // The draft of the server that this page has open.
  const [mine, setMine] = useState("");
  useEffect(() => closeDraft, []);
  const { draft: id = "" } = search;
  const kind = kindNamed(search.kind);
  const step = stepNamed(search.step, kind !== null || id !== "");
  const loaded = (draft: Draft) => {
    openDraft(draft);
    setMine(id);
    change({ kind: draft.kind });
  };
  const made = (of: string) => {
    setMine(of);
    change({ draft: of });
  };
  return (
    <Page
      title="New connector"
      about="There is no connector until the last step. What you fill in is a draft that only you see."
      crumbs={[{ label: "Connectors", path: "/connectors" }]}
    >
      <StepList current={step} search={{ kind: search.kind, draft: id }} />
      {step === "kind" ? (
        <Stack gap="lg">
          <KindStep chosen={kind} draft={id} />
          <DraftList />
        </Stack>
      ) : id !== "" && id !== mine ? (
        <DraftLoader id={id} loaded={loaded} />
      ) : (
        kind && <Wizard key={kind} kind={kind} step={step} type={search.type ?? ""} id={id} setId={made} />
      )}
    </Page>
  );
}
