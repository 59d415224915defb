/** Gives the browser a text to keep as a file. */

export function saveFile(name: string, text: string, type = "application/octet-stream"): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** JSON lines: one value a line. */
export function jsonLines(values: readonly unknown[]): string {
  return values.map((each) => `${JSON.stringify(each)}\n`).join("");
}
