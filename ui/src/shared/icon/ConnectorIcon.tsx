/** The picture of a connector: its own, or its first letters in a colour that is always the same. */

const COLORS = ["#1d4ed8", "#0f766e", "#7c3aed", "#b45309", "#be123c", "#15803d", "#0369a1", "#a21caf", "#4d7c0f", "#9f1239"];

export function ConnectorIcon({ name, svg, size = 28 }: { name: string; svg?: string | null; size?: number }) {
  // As an image, in which nothing runs. What is no picture, such as a name, is none of this.
  if (svg?.trimStart().startsWith("<svg")) return <img src={`data:image/svg+xml;utf8,${encodeURIComponent(svg)}`} alt="" width={size} height={size} />;
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" style={{ flexShrink: 0 }}>
      <rect width="32" height="32" rx="7" fill={colorOf(name)} />
      <text x="16" y="21.5" textAnchor="middle" fontSize="14" fontWeight="600" fill="#fff" fontFamily="system-ui, sans-serif">
        {monogram(name)}
      </text>
    </svg>
  );
}

/** One or two letters for a name such as `default/google-mail`. */
export function monogram(name: string): string {
  const words = (name.split("/").at(-1) ?? name).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const letters = words.length > 1 ? words.slice(0, 2).map((word) => word[0]) : [...(words[0] ?? "?")].slice(0, 2);
  return letters.join("").toUpperCase();
}

function colorOf(name: string): string {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return COLORS[sum % COLORS.length] as string;
}
