"""Scripts in the form in which people bring them: those of protocol 2.0, and older ones of 1.x."""

from __future__ import annotations

from typing import Any

from servers import Answer, Asked, Handler

PROTOCOL_2 = """\
function listContacts() {
  var url = floh.config.baseUrl + "/api/contacts";
  url += "?limit=" + (floh.params.limit || 50);
  url += "&offset=" + (floh.params.offset || 0);
  var resp = floh.http.get(url, {
    Authorization: "Bearer " + floh.config.apiKey,
  });
  if (resp.status >= 400) {
    return { success: false, error: "API returned " + resp.status };
  }
  return {
    success: true,
    payload: { contacts: resp.body.data, total: resp.body.total },
    variables: { contactCount: resp.body.total },
  };
}

function createContact() {
  var resp = floh.http.post(
    floh.config.baseUrl + "/api/contacts",
    JSON.stringify({
      email: floh.params.email,
      first_name: floh.params.firstName,
      last_name: floh.params.lastName,
    }),
    { Authorization: "Bearer " + floh.config.apiKey },
  );
  if (resp.status >= 400) {
    return { success: false, error: "Failed to create contact: " + resp.status };
  }
  return { success: true, payload: { contactId: resp.body.id } };
}

function test() {
  var resp = floh.http.get(floh.config.baseUrl + "/api/health", {
    Authorization: "Bearer " + floh.config.apiKey,
  });
  return { success: resp.status < 400 };
}
"""

PROTOCOL_1 = """\
function listContacts() {
  var url = floh.config.baseUrl + '/api/contacts';
  url += '?limit=' + (floh.params.limit || 50);
  url += '&offset=' + (floh.params.offset || 0);

  var resp = floh.http.get(url, {
    'Authorization': 'Bearer ' + floh.config.apiKey
  });

  if (resp.status >= 400) {
    return { success: false, error: 'API returned ' + resp.status };
  }

  return {
    success: true,
    data: { contacts: resp.body.data, total: resp.body.total },
    outputVariables: { contactCount: resp.body.total }
  };
}

function createContact() {
  var resp = floh.http.post(
    floh.config.baseUrl + '/api/contacts',
    JSON.stringify({
      email: floh.params.email,
      first_name: floh.params.firstName,
      last_name: floh.params.lastName
    }),
    { 'Authorization': 'Bearer ' + floh.config.apiKey }
  );
  if (resp.status >= 400) {
    return { success: false, error: 'Failed to create contact: ' + resp.status };
  }
  return { success: true, data: { contactId: resp.body.id } };
}

function test() {
  var resp = floh.http.get(floh.config.baseUrl + '/api/health', {
    'Authorization': 'Bearer ' + floh.config.apiKey
  });
  return { success: resp.status < 400 };
}
"""

SCHEMA: dict[str, Any] = {
    "connectionConfig": {
        "baseUrl": {"type": "string", "required": True, "description": "CRM API base URL"},
        "apiKey": {"type": "string", "required": True, "secret": True, "description": "API key"},
    },
    "commands": {
        "listContacts": {
            "params": ["limit", "offset"],
            "description": "List contacts from the CRM",
            "outputs": ["contacts", "total"],
            "paramSchema": {
                "limit": {"type": "number", "default": 50},
                "offset": {"type": "number", "default": 0},
            },
        },
        "createContact": {
            "params": ["email", "firstName", "lastName"],
            "description": "Create a new contact",
            "outputs": ["contactId"],
        },
        "test": {"params": [], "description": "Test connectivity", "outputs": []},
    },
}

KEY = "sk-crm-0123456789"


def my_crm(script: str, *, url: str, **more: Any) -> dict[str, Any]:
    """The body that makes the connector."""
    return {
        "name": "my-crm",
        "type": "my-crm",
        "description": "Integration with My CRM",
        "version": "1.0.0",
        "executionModel": "script",
        "category": "crm",
        "tags": ["sales", "contacts"],
        "configSchema": SCHEMA,
        "scriptSource": script,
        "config": {"baseUrl": url, "apiKey": KEY},
        **more,
    }


def crm() -> Handler:
    """The service that the scripts call: two contacts, and room for more."""
    contacts = [{"id": 1, "email": "ann@example.com"}, {"id": 2, "email": "bob@example.com"}]

    def answer(asked: Asked) -> Answer:
        if asked.headers.get("authorization") != f"Bearer {KEY}":
            return Answer(status=401, body={"message": "who are you?"})
        if asked.path == "/api/health":
            return Answer(body={"status": "ok"})
        if asked.path == "/api/contacts" and asked.method == "POST":
            contacts.append({"id": len(contacts) + 1, **asked.json()})
            return Answer(status=201, body=contacts[-1])
        if asked.path == "/api/contacts":
            first, limit = int(asked.query["offset"][0]), int(asked.query["limit"][0])
            return Answer(body={"data": contacts[first : first + limit], "total": len(contacts)})
        return Answer(status=404, body=b"nothing here", headers={"Content-Type": "text/plain"})

    return answer
