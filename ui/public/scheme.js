// Before anything is painted, so that a dark page does not flash white.
(() => {
  let wanted = "auto";
  try {
    wanted = localStorage.getItem("jackfield-scheme") || "auto";
  } catch {
    // no storage: as the system has it
  }
  const dark = wanted === "dark" || (wanted === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
