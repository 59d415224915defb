/** Light, dark, or as the system has it: kept in this browser, under the name that `public/scheme.js` reads. */

import { localStorageColorSchemeManager } from "@mantine/core";

export const scheme = localStorageColorSchemeManager({ key: "jackfield-scheme" });
