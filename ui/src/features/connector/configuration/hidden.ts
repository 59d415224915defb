/** Changes without what was typed into secret fields, for a text that people copy. */
export function withoutSecrets(changes: Record<string, unknown>, secret: readonly string[]): Record<string, unknown> {
  const { config, ...others } = changes;
  if (typeof config !== "object" || config === null) return changes;
  const shown = Object.entries(config).map(([name, value]) => [name, secret.includes(name) && typeof value === "string" ? "<the secret>" : value]);
  return { ...others, config: Object.fromEntries(shown) };
}
