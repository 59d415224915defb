import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

// For work on the UI itself: `npm run dev` beside a running server.
// It compares `Origin` with `Host`, which a plain address here would change on the way.
const server = { target: process.env.JACKFIELD_URL ?? "http://127.0.0.1:8321", changeOrigin: false };

export default defineConfig({
  base: "/ui/",
  plugins: [react()],
  resolve: { alias: { "~": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "../src/jackfield/_ui",
    emptyOutDir: true,
    assetsInlineLimit: 0, // the content security policy allows no data as script or font
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    target: "es2022",
    cssTarget: ["chrome123", "firefox120", "safari17.5"], // know `light-dark()`; what is made of it for older ones knows nothing of the scheme
  },
  server: { proxy: { "/api": server, "/docs": server } },
});
