"""Pages for people who have no account here, or whom a service has sent back. They work without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path

from starlette.responses import Response

from jackfield.errors import JackfieldError

OWN = Path(__file__).parent / "static"
FILES: Mapping[str, str] = {
    "connect.css": "text/css; charset=utf-8",
    "connect.js": "text/javascript; charset=utf-8",
}

# Nothing from elsewhere, no script in the page, no frame around it. A form may lead to a service to sign in at.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'none'; img-src data:; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self' https: http://127.0.0.1:* http://localhost:*"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",  # the address of a page may hold a code, a state, or a link's token
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{root}connect/files/connect.css">
<script src="{root}connect/files/connect.js" defer></script>
</head>
<body>
<main{told}>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""


def page(title: str, content: str, *, depth: int, status: int = 200, told: Mapping[str, str] | None = None) -> Response:
    """One page.

    Args:
        title: Text.
        content: HTML; whoever writes it escapes what is in it.
        depth: Folders between the page's address and that of the server, which may have a path in front of it.
        told: What the script of the page is told, by the names of attributes.
    """
    attributes = "".join(f' data-{name}="{escape(value)}"' for name, value in (told or {}).items())
    text = _PAGE.format(title=escape(title), content=content, root="../" * depth, told=attributes)
    return Response(text, status_code=status, media_type="text/html", headers=HEADERS)


def paragraphs(*texts: str) -> str:
    """Texts as paragraphs; those that are empty are left out."""
    return "\n".join(f"<p>{escape(text)}</p>" for text in texts if text)


def link(address: str, text: str) -> str:
    """A link."""
    return f'<p><a class="button" href="{escape(address)}">{escape(text)}</a></p>'


def refused(error: JackfieldError, *, depth: int) -> Response:
    """An error as a page."""
    hint = f"{error.hint[:1].upper()}{error.hint[1:]}." if error.hint else ""
    words = paragraphs(f"{error.message[:1].upper()}{error.message[1:]}.", hint)
    return page("This cannot be finished", words, depth=depth, status=error.status)
