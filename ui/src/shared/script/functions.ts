/** The functions at the top level of a script, as far as a look at the text tells. The server has the last word. */

export function functionsOf(source: string): string[] {
  const plain = source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*$/gm, "");
  const found = [...plain.matchAll(/^(?:async\s+)?function\s+([A-Za-z$][\w$]*)\s*\(/gm)].map((each) => each[1] as string);
  return [...new Set(found)].filter((name) => !name.startsWith("_"));
}
