/** The steps from nothing to a connector. */

export const STEPS = [
  { name: "kind", title: "Kind" },
  { name: "source", title: "Source" },
  { name: "configure", title: "Configure" },
  { name: "test", title: "Test" },
  { name: "review", title: "Review" },
] as const;

export type Step = (typeof STEPS)[number]["name"];

export function stepNamed(text: string | undefined, chosen: boolean): Step {
  if (!chosen) return "kind";
  return STEPS.find((each) => each.name === text)?.name ?? "source";
}

export function after(step: Step): Step {
  return STEPS[Math.min(placeOf(step) + 1, STEPS.length - 1)]?.name ?? step;
}

export function before(step: Step): Step {
  return STEPS[Math.max(placeOf(step) - 1, 0)]?.name ?? step;
}

export function placeOf(step: Step): number {
  return STEPS.findIndex((each) => each.name === step);
}
