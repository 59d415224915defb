/* Tells the page that opened this one how a sign-in ended, and closes. Without it, the page says so in words. */
"use strict";
(() => {
  const main = document.querySelector("main[data-sign-in]");
  history.replaceState(null, "", location.pathname); // no code and no state stays in the address
  if (!main) return;
  const { signIn, connected, code } = main.dataset;
  const told = { signIn, connected: connected === "true", code: code || "" };
  try {
    const channel = new BroadcastChannel("jackfield-sign-in");
    channel.postMessage(told);
    channel.close();
  } catch {
    /* A browser without it has `opener`, or shows the page. */
  }
  if (window.opener && !window.opener.closed) {
    window.opener.postMessage(told, location.origin);
    window.close();
  } else if (window.name === "jackfield-sign-in") {
    window.close(); // the service has cut the page off from the one that opened it
  }
})();
