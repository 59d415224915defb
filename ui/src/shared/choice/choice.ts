/** Which commands a model may use, and what is settled for it, as the server reads and writes it. */

export interface ResultRule {
  fields?: string[];
  limit?: number | null;
}

/** What is settled about one command. */
export interface ToolRule {
  name?: string;
  description?: string;
  /** By param: a value that is locked, or `{value, locked}`. */
  parameters?: Record<string, unknown>;
  /** The only params that are the model's; null for all that are not locked. */
  fields?: string[] | null;
  mock?: boolean;
  status?: string;
  result?: ResultRule;
}

export interface Chosen {
  connector: string;
  /** None named: all of them, also those that come later. */
  operations?: string[];
  tools?: Record<string, ToolRule>;
}

export interface Choice {
  /** Null or not there: every connector. */
  connectors?: Chosen[] | null;
  readsOnly?: boolean;
}

/** A command, wherever it comes from. */
export interface Named {
  connector: string;
  command: string;
}

/** What is left of a name when case style is taken away; as the server compares names. */
export function folded(name: string): string {
  return name.replace(/[-_\s]/g, "").toLowerCase();
}

function connectorKey(name: string): string {
  return folded(name).replace(/^default\//, "");
}

export function sameConnector(one: string, other: string): boolean {
  return connectorKey(one) === connectorKey(other);
}

export function entryOf(choice: Choice, connector: string): Chosen | undefined {
  return choice.connectors?.find((each) => sameConnector(each.connector, connector));
}

/** Whether a connector is named more than once, which no form can show: such a choice is edited as JSON. */
export function isWrittenByHand(choice: Choice): boolean {
  const names = (choice.connectors ?? []).map((each) => connectorKey(each.connector));
  return new Set(names).size < names.length;
}

export function isChosen(choice: Choice, { connector, command }: Named): boolean {
  if (!choice.connectors) return true;
  return choice.connectors.some(
    (each) =>
      sameConnector(each.connector, connector) &&
      ((each.operations ?? []).length === 0 || (each.operations ?? []).some((name) => folded(name) === folded(command))),
  );
}

/** The choice with one connector changed, or without it. */
function withEntry(choice: Choice, connector: string, entry: Chosen | null): Choice {
  const all = choice.connectors ?? [];
  const at = all.findIndex((each) => sameConnector(each.connector, connector));
  const others = all.filter((_, place) => place !== at);
  if (entry === null) return { ...choice, connectors: others };
  return { ...choice, connectors: at < 0 ? [...all, entry] : all.map((each, place) => (place === at ? entry : each)) };
}

/** With all commands of a connector, also those that it gets later; or with none. */
export function withConnector(choice: Choice, connector: string, on: boolean): Choice {
  if (!on) return withEntry(choice, connector, null);
  return withEntry(choice, connector, { ...entryOf(choice, connector), connector, operations: [] });
}

/** With one command more or less. `known` are all commands of its connector. */
export function withCommand(choice: Choice, { connector, command }: Named, on: boolean, known: readonly string[]): Choice {
  const entry = entryOf(choice, connector);
  const before = entry === undefined ? [] : (entry.operations ?? []).length > 0 ? (entry.operations as string[]) : [...known];
  const others = before.filter((each) => folded(each) !== folded(command));
  const operations = on ? [...others, command] : others;
  if (operations.length === 0) return withEntry(choice, connector, null);
  const order = new Map(known.map((each, at) => [folded(each), at]));
  operations.sort((one, other) => (order.get(folded(one)) ?? Infinity) - (order.get(folded(other)) ?? Infinity));
  return withEntry(choice, connector, { ...entry, connector, operations });
}

/** What is settled about a command; nothing where nothing is. */
export function ruleOf(choice: Choice, { connector, command }: Named): ToolRule {
  const rules = entryOf(choice, connector)?.tools ?? {};
  const key = Object.keys(rules).find((each) => folded(each) === folded(command));
  return key === undefined ? {} : (rules[key] as ToolRule);
}

export function withRule(choice: Choice, { connector, command }: Named, rule: ToolRule): Choice {
  const entry = entryOf(choice, connector);
  if (entry === undefined) return choice;
  const others = Object.entries(entry.tools ?? {}).filter(([name]) => folded(name) !== folded(command));
  const tools = Object.fromEntries(Object.keys(rule).length > 0 ? [...others, [command, rule]] : others);
  return withEntry(choice, connector, { ...entry, tools });
}

/** The choice of one command alone, with what is settled about it. */
export function choiceOf({ connector, command }: Named, rule: ToolRule = {}): Choice {
  return { connectors: [{ connector, operations: [command], tools: Object.keys(rule).length > 0 ? { [command]: rule } : {} }] };
}
