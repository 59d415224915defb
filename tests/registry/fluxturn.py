"""The definition of FluxTurn's guide, as it stands there, and what tests change of it."""

from __future__ import annotations

from typing import Any

ACME: dict[str, Any] = {
    "name": "acme",
    "display_name": "Acme",
    "category": "communication",
    "description": "Send and receive messages through Acme",
    "auth_type": "api_key",
    "auth_fields": [
        {
            "key": "apiKey",
            "label": "API Key",
            "type": "password",
            "required": True,
            "placeholder": "ak_...",
            "description": "Find this in your Acme dashboard under Settings > API",
        }
    ],
    "endpoints": {"base_url": "https://api.acme.com/v1"},
    "webhook_support": False,
    "rate_limits": {"requests_per_minute": 60},
    "supported_actions": [
        {
            "id": "send_message",
            "name": "Send Message",
            "description": "Send a message to a channel",
            "category": "Messages",
            "icon": "send",
            "api": {
                "endpoint": "/messages",
                "method": "POST",
                "baseUrl": "https://api.acme.com/v1",
                "headers": {"Content-Type": "application/json"},
                "paramMapping": {"channel": "channel", "text": "text"},
            },
            "inputSchema": {
                "channel": {"type": "string", "required": True, "label": "Channel"},
                "text": {"type": "string", "required": True, "label": "Message", "inputType": "textarea"},
            },
        }
    ],
    "supported_triggers": [],
}

KEY = "ak_nobody_may_see_this"


def acme(*actions: dict[str, Any], **keys: Any) -> dict[str, Any]:
    """Acme with other keys, and with other actions if there are any."""
    return {**ACME, **keys, **({"supported_actions": list(actions)} if actions else {})}


def action(endpoint: str = "/things", *, id: str = "act", method: str = "POST", **keys: Any) -> dict[str, Any]:
    """An action; keys in `api_...` are those of its `api`."""
    api = {key.removeprefix("api_"): value for key, value in keys.items() if key.startswith("api_")}
    said = {key: value for key, value in keys.items() if not key.startswith("api_")}
    return {"id": id, "api": {"endpoint": endpoint, "method": method, **api}, **said}
