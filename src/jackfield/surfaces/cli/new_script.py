"""The first version of a connector in JavaScript: its script, and what is said of it."""

from __future__ import annotations

SCRIPT = """\
// The commands of `{name}`. Each is a function; what it is given is in `floh`.

function test() {{
  var answer = ask("/me");
  return {{ success: answer.status < 400, error: answer.status < 400 ? undefined : "the key was refused" }};
}}

function listItems() {{
  var answer = ask("/items?limit=" + floh.params.limit);
  if (answer.status === 404) {{
    return {{ success: false, error: "this workspace has no items", diagnostics: {{ status: 404 }} }};
  }}
  if (answer.status >= 400) {{
    var told = {{ status: answer.status, body: answer.body }};
    return {{ success: false, error: "the service answered " + answer.status, diagnostics: told }};
  }}
  floh.log.info("found " + answer.body.total + " items");
  return {{
    success: true,
    payload: {{ items: answer.body.items, total: answer.body.total }},
    variables: {{ itemTotal: answer.body.total }},
  }};
}}

function greet() {{
  return {{ success: true, payload: {{ greeting: "Hello, " + floh.params.name + "!" }} }};
}}

function ask(path) {{
  return floh.http.get(floh.config.baseUrl + path, {{ Authorization: "Bearer " + floh.config.apiKey }});
}}
"""

DEFINITION = """\
# {description}
name: {name}
description: {quoted}
scriptSource: ./{file}
configSchema:
  connectionConfig:
    baseUrl: {{ type: url, default: "https://api.example.com/v1", description: "API address, no slash at the end." }}
    apiKey: {{ type: string, secret: true, description: "API key; say here where to find it." }}
  commands:
    test:
      description: Check that the service can be reached and accepts the key.
      readsOnly: true
    listItems:
      description: List the newest items.
      readsOnly: true
      outputs: [items, total]
      params:
        limit: {{ type: integer, default: 50, minimum: 1, maximum: 200, description: Items to return. }}
    greet:
      description: Say hello; it needs no service, so it can be tried at once.
      readsOnly: true
      outputs: [greeting]
      params:
        name: {{ type: string, default: world }}
"""
