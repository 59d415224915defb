/** The functions at the top level of a script, as far as a look at the text tells. The server has the last word. */

export interface Functions {
  all: string[];
  /** Those without arguments: a command is called with none, what has some is a helper. */
  commands: string[];
}

export function functionsOf(source: string): Functions {
  const plain = source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const found = [...plain.matchAll(/^(?:async\s+)?function\s+([A-Za-z$][\w$]*)\s*\(\s*(\S)/gm)];
  const named = (each: RegExpMatchArray[]) => [...new Set(each.map((match) => match[1] as string))];
  return { all: named(found), commands: named(found.filter((match) => match[2] === ")")) };
}
