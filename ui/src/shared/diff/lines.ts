/** What is different between two texts, line by line. */

export interface Line {
  kind: "same" | "out" | "in";
  text: string;
  /** Its number in the first text, and in the second, from 1. */
  before: number | null;
  after: number | null;
}

const LARGEST = 4_000_000;

/** The lines of both, in order. Texts that are too large to be compared well are shown one after the other. */
export function diffLines(first: string, second: string): Line[] {
  const [a, b] = [first.split("\n"), second.split("\n")];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const [middleA, middleB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const same = (from: readonly string[], at: number, to: number): Line[] =>
    from.map((text, index) => ({ kind: "same", text, before: at + index + 1, after: to + index + 1 }));
  return [
    ...same(a.slice(0, start), 0, 0),
    ...middle(middleA, middleB, start),
    ...same(a.slice(a.length - end), a.length - end, b.length - end),
  ];
}

function middle(a: readonly string[], b: readonly string[], offset: number): Line[] {
  const removed = (at: number): Line => ({ kind: "out", text: a[at] as string, before: offset + at + 1, after: null });
  const added = (at: number): Line => ({ kind: "in", text: b[at] as string, before: null, after: offset + at + 1 });
  if (a.length * b.length > LARGEST) return [...a.map((_, at) => removed(at)), ...b.map((_, at) => added(at))];
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width); // of the common lines from here on
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      longest[i * width + j] =
        a[i] === b[j]
          ? (longest[(i + 1) * width + j + 1] as number) + 1
          : Math.max(longest[(i + 1) * width + j] as number, longest[i * width + j + 1] as number);
    }
  }
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: "same", text: a[i] as string, before: offset + i + 1, after: offset + j + 1 });
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && (longest[(i + 1) * width + j] as number) >= (longest[i * width + j + 1] as number))) {
      lines.push(removed(i));
      i += 1;
    } else {
      lines.push(added(j));
      j += 1;
    }
  }
  return lines;
}

/** The lines near a change; each run of those that are left out is a number of lines. */
export function nearChanges(lines: readonly Line[], context = 3): (Line | number)[] {
  const near = new Set<number>();
  lines.forEach((line, at) => {
    if (line.kind !== "same") for (let each = at - context; each <= at + context; each += 1) near.add(each);
  });
  const kept: (Line | number)[] = [];
  lines.forEach((line, at) => {
    const last = kept.at(-1);
    if (near.has(at)) kept.push(line);
    else if (typeof last === "number") kept[kept.length - 1] = last + 1;
    else kept.push(1);
  });
  return kept;
}
