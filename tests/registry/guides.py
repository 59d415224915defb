"""The bodies of the guides, as they stand there."""

from __future__ import annotations

from typing import Any

SCRIPT = """\
function listContacts() {
  var url = floh.config.baseUrl + "/api/contacts";
  url += "?limit=" + (floh.params.limit || 50);
  var resp = floh.http.get(url, { Authorization: "Bearer " + floh.config.apiKey });
  if (resp.status >= 400) {
    return { success: false, error: "API returned " + resp.status };
  }
  return { success: true, payload: { contacts: resp.body.data, total: resp.body.total } };
}
function createContact() { return { success: true, payload: { contactId: 1 } }; }
function test() { return { success: true }; }
"""

AUTHIFI: dict[str, Any] = {
    "name": "authifi-prod",
    "type": "authifi",
    "description": "Authifi connector for the production tenant",
    "version": "1.0.0",
    "executionModel": "built_in",
    "configSchema": {"connectionConfig": {}, "commands": {}},
    "config": {
        "baseUrl": "https://auth.example.com/_api",
        "tenant": "prod",
        "tenantId": "42",
        "clientId": "my-client-id",
        "clientSecret": "my-secret",
    },
}

MY_CRM: dict[str, Any] = {
    "name": "my-crm",
    "type": "my-crm",
    "description": "Integration with My CRM",
    "version": "1.0.0",
    "executionModel": "script",
    "category": "crm",
    "tags": ["sales", "contacts"],
    "configSchema": {
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
    },
    "scriptSource": SCRIPT,
}

DEPRECATED: dict[str, Any] = {
    "commands": {
        "listUsers": {
            "params": ["limit"],
            "description": "List users (deprecated)",
            "deprecated": True,
            "deprecatedMessage": "Use listUsersV2 instead",
            "addedInVersion": "1.0.0",
        },
        "listUsersV2": {
            "params": ["limit", "cursor"],
            "description": "List users with cursor pagination",
            "addedInVersion": "2.0.0",
        },
    }
}

EXTERNAL: dict[str, Any] = {
    "name": "my-external-service",
    "type": "my-external-service",
    "executionModel": "external",
    "endpointUrl": "https://connector.example.com",
    "version": "1.0.0",
    "configSchema": DEPRECATED,
}

ONPREM: dict[str, Any] = {"name": "internal-ldap", "executionModel": "onprem", "configSchema": DEPRECATED}

DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "My API", "version": "1.0.0"},
    "paths": {"/things": {"get": {"operationId": "listThings", "responses": {"200": {"description": "All."}}}}},
    "components": {"securitySchemes": {"bearerAuth": {"type": "http", "scheme": "bearer"}}},
}

OPENAPI: dict[str, Any] = {"name": "my-api", "executionModel": "oas_derived", "spec": DOCUMENT}

SLACK_YAML = """\
connectors:
  - name: slack-api
    namespace: default
    baseUrl: https://slack.com/api
    auth:
      type: bearer
      secret: SLACK_BOT_TOKEN
    operations:
      - name: post_message
        method: POST
        path: /chat.postMessage
        parameters:
          type: object
          properties:
            channel: { type: string }
            text: { type: string }
          required: [channel, text]
"""

SLACK: dict[str, Any] = {
    "name": "slack-api",
    "namespace": "default",
    "baseUrl": "https://slack.com/api",
    "auth": {"type": "bearer", "secret": "SLACK_BOT_TOKEN"},
    "operations": [
        {
            "name": "post_message",
            "method": "POST",
            "path": "/chat.postMessage",
            "parameters": {
                "type": "object",
                "properties": {"channel": {"type": "string"}, "text": {"type": "string"}},
                "required": ["channel", "text"],
            },
        }
    ],
}

DESCRIBED = [MY_CRM, EXTERNAL, ONPREM, OPENAPI, SLACK]
