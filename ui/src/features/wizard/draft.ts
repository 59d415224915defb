/** What a person has filled in so far. It outlives a refresh of the page; its secrets do not. */

import type { Values } from "~/shared/form/SchemaForm";
import { emptyCommand, type CommandRow, type FieldRow } from "~/shared/script/rows";
import { kindNamed, type Kind } from "./kinds";
import { EXAMPLE as YAML_EXAMPLE } from "./http/example";
import { TEMPLATES } from "./script/templates";

export interface Draft {
  kind: Kind;
  namespace: string;
  /** Empty for the one that is suggested. */
  name: string;
  displayName: string;
  description: string;
  category: string;
  config: Values;
  /** Fields of `config` that are secrets. */
  secrets: string[];
  params: Record<string, Values>;
  type: string;
  script: { template: string; source: string; commands: CommandRow[]; fields: FieldRow[] };
  openapi: {
    text: string;
    file: string;
    url: string;
    /** Which parse this is; empty before the first, and when the text was changed since. */
    asked: string;
    /** Null for what is selected by itself. */
    selected: string[] | null;
    names: Record<string, string>;
    asScript: boolean;
  };
  http: { yaml: string };
}

export function emptyDraft(kind: Kind): Draft {
  const template = TEMPLATES[0];
  return {
    kind,
    namespace: "default",
    name: "",
    displayName: "",
    description: "",
    category: "",
    config: {},
    secrets: [],
    params: {},
    type: "",
    script: {
      template: template?.name ?? "",
      source: template?.source ?? "",
      commands: template?.commands ?? [emptyCommand()],
      fields: template?.fields ?? [],
    },
    openapi: { text: "", file: "", url: "", asked: "", selected: null, names: {}, asScript: false },
    http: { yaml: YAML_EXAMPLE },
  };
}

const PLACE = "jackfield-new-connector";

/** With its secrets, as long as the page of the wizard is open. */
let open: Draft | null = null;

/** The page is closed: what only it had is gone. */
export function closeDraft(): void {
  open = null;
}

/** A draft that the server has kept. Its secrets are markers. */
export function draftFrom(body: Record<string, unknown>): Draft | null {
  const kind = kindNamed(typeof body.kind === "string" ? body.kind : undefined);
  return kind && { ...emptyDraft(kind), ...(body as Partial<Draft>), kind };
}

/** Go on with this one. */
export function openDraft(draft: Draft): void {
  open = draft;
}

/** What was kept of a connector of this kind. */
export function keptDraft(kind: Kind): Draft | null {
  if (open?.kind === kind) return open;
  try {
    const kept = JSON.parse(sessionStorage.getItem(PLACE) ?? "null") as Draft | null;
    return kept?.kind === kind ? { ...emptyDraft(kind), ...kept } : null;
  } catch {
    return null;
  }
}

/** Above this many letters a draft is kept nowhere but on the page: the server takes 2 MB, a tab not much more. */
const LONGEST = 1_500_000;

export function isTooLarge({ openapi, script, http }: Draft): boolean {
  return openapi.text.length + script.source.length + http.yaml.length > LONGEST;
}

/** Keep it, as long as the browser's tab is open. Says whether there was room. */
export function keepDraft(draft: Draft): boolean {
  open = draft;
  if (isTooLarge(draft)) return false;
  const config = Object.fromEntries(Object.entries(draft.config).filter(([name]) => !draft.secrets.includes(name)));
  try {
    sessionStorage.setItem(PLACE, JSON.stringify({ ...draft, config }));
    return true;
  } catch {
    sessionStorage.removeItem(PLACE);
    return false;
  }
}

export function forgetDraft(): void {
  open = null;
  try {
    sessionStorage.removeItem(PLACE);
  } catch {
    // Nothing was kept, then.
  }
}
