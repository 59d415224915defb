// Asks for a token, reads the OpenAPI document with it, and hands both to Swagger UI. Nothing is stored.
"use strict";

const form = document.getElementById("sign-in");
const problem = document.getElementById("problem");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  problem.textContent = "";
  const authorization = `Bearer ${document.getElementById("token").value.trim()}`;
  try {
    const answer = await fetch("/api/openapi.json", { headers: { Authorization: authorization } });
    const found = await answer.json();
    if (!answer.ok) {
      problem.textContent = [found.detail, found.hint].filter(Boolean).map(sentence).join(" ");
      return;
    }
    show(found, authorization);
  } catch {
    problem.textContent = "The server does not answer. Does it still run?";
  }
});

function sentence(words) {
  return `${words[0].toUpperCase()}${words.slice(1)}.`;
}

function show(spec, authorization) {
  form.hidden = true;
  SwaggerUIBundle({
    spec,
    dom_id: "#interface",
    deepLinking: true,
    displayOperationId: false,
    docExpansion: "list",
    filter: true,
    tryItOutEnabled: true,
    validatorUrl: null,
    requestInterceptor: (request) => {
      request.headers.Authorization = authorization;
      return request;
    },
  });
}
