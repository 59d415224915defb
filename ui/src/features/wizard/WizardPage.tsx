/** Makes a connector, step by step. The address says which kind and step; the draft keeps the rest. */

import { useEffect } from "react";
import { Page } from "~/shared/page/Page";
import { useUrlSearch } from "~/shared/url/useUrlState";
import { closeDraft } from "./draft";
import { KindStep } from "./KindStep";
import { kindNamed } from "./kinds";
import { StepList } from "./StepList";
import { stepNamed } from "./steps";
import { Wizard } from "./Wizard";

export default function WizardPage() {
  const [search] = useUrlSearch();
  const kind = kindNamed(search.kind);
  useEffect(() => closeDraft, []);
  const step = stepNamed(search.step, kind !== null);
  return (
    <Page
      title="New connector"
      about="Nothing is kept on the server until the last step."
      crumbs={[{ label: "Connectors", path: "/connectors" }]}
    >
      <StepList current={step} search={{ kind: search.kind }} />
      {kind === null || step === "kind" ? <KindStep chosen={kind} /> : <Wizard key={kind} kind={kind} step={step} type={search.type ?? ""} />}
    </Page>
  );
}
