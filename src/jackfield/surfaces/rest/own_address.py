"""At which address a browser reaches this server."""

from __future__ import annotations

import re

from starlette.requests import Request

from jackfield.surfaces.errors import CsrfRefused
from jackfield.surfaces.rest.given import services_of
from jackfield.surfaces.rest.origins import is_over_tls

_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")


def own_address(request: Request) -> str:
    """The address that is set, else that of this very request.

    A service sends people only to addresses that its app is registered with, so nobody gains by a wrong `Host`.

    Raises:
        CsrfRefused: None is set, and the request does not say one.
    """
    if set_ := services_of(request).public_url:
        return set_
    hosts = request.headers.getlist("host")
    if len(hosts) != 1 or not _HOST.fullmatch(hosts[0]):
        raise CsrfRefused(problem="its `Host` is no name of a server")
    scheme = "https" if is_over_tls(request.url.scheme, request.headers) else "http"
    return f"{scheme}://{hosts[0]}"
