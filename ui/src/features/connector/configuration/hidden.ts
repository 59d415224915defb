/** Changes without what was typed into secret fields, for a text that people copy. */
export function withoutSecrets(changes: Record<string, unknown>, secret: readonly string[]): Record<string, unknown> {
  const { config, environments, ...others } = changes;
  return {
    ...others,
    ...(isObject(config) ? { config: hidden(config, secret) } : {}),
    ...(isObject(environments)
      ? { environments: Object.fromEntries(Object.entries(environments).map(([name, said]) => [name, isObject(said) ? withoutSecrets(said, secret) : said])) }
      : {}),
  };
}

function hidden(config: Record<string, unknown>, secret: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, secret.includes(name) && typeof value === "string" ? "<the secret>" : value]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
