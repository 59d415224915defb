/** Reads the text of an `.env` file: one `NAME=value` a line, with quotes and comments as shells have them. */

export interface Entry {
  name: string;
  value: string;
  /** Counted from 1. */
  line: number;
  /** Why it cannot be taken; empty where it can. Never says the value. */
  fault: string;
}

const NAME = /^[A-Za-z0-9_.-]{1,128}$/;
const MAX_BYTES = 64 * 1024;
const ESCAPES: Record<string, string> = { n: "\n", r: "\r", t: "\t" };

/** All entries, in order. Of a name that is there twice, the last is taken, as shells do. */
export function entriesOf(text: string): Entry[] {
  const entries = new Map<string, Entry>();
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const line = at + 1;
    const written = (lines[at] as string).trim().replace(/^export\s+/, "");
    if (written === "" || written.startsWith("#")) continue;
    const equals = written.indexOf("=");
    if (equals < 1) {
      entries.set(`line ${line}`, { name: `line ${line}`, value: "", line, fault: "There is no NAME=value in this line." });
      continue;
    }
    const name = written.slice(0, equals).trim();
    let rest = written.slice(equals + 1).trim();
    const quote = rest[0];
    if (quote === '"' || quote === "'") {
      while (closing(rest, quote) < 0 && at + 1 < lines.length) rest += `\n${lines[++at]}`;
      const end = closing(rest, quote);
      const inner = rest.slice(1, end < 0 ? undefined : end);
      const value = quote === '"' ? inner.replace(/\\([nrt"\\$])/g, (_, letter: string) => ESCAPES[letter] ?? letter) : inner;
      entries.set(name, { name, value, line, fault: end < 0 ? "Its quotes are not closed." : faultOf(name, value) });
    } else {
      const value = rest.replace(/\s+#.*$/, "");
      entries.set(name, { name, value, line, fault: faultOf(name, value) });
    }
  }
  return [...entries.values()];
}

function closing(text: string, quote: string): number {
  for (let at = 1; at < text.length; at++) {
    if (quote === '"' && text[at] === "\\") at++;
    else if (text[at] === quote) return at;
  }
  return -1;
}

function faultOf(name: string, value: string): string {
  if (!NAME.test(name)) return "A name has 1 to 128 letters, digits, “_”, “-” and “.”.";
  if (value === "") return "It is empty.";
  return new TextEncoder().encode(value).length > MAX_BYTES ? "It is larger than 64 KB." : "";
}
