"""TLS with a client certificate.

Python reads certificates from files only. So that a private key is on no disk, the file is one of memory where the
system has such.
"""

from __future__ import annotations

import os
import ssl
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from jackfield.definition.wire import Certificate


def context_with(certificate: Certificate, *, trusting: ssl.SSLContext | None) -> ssl.SSLContext:
    """The client's side of TLS that shows `certificate` to a service which asks for one.

    Args:
        trusting: Whose idea of which services are trusted it takes over; the system's otherwise.

    Raises:
        ssl.SSLError: It is none, or its key belongs to another.
    """
    context = ssl.create_default_context() if trusting is None else _like(trusting)
    context.set_alpn_protocols(["http/1.1"])
    with _file((certificate.chain.rstrip("\n") + "\n" + certificate.key.reveal()).encode()) as path:
        # A password, even an empty one: without it OpenSSL asks at the terminal, and waits.
        context.load_cert_chain(path, password="")
    return context


def _like(trusting: ssl.SSLContext) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version, context.maximum_version = trusting.minimum_version, trusting.maximum_version
    context.verify_flags = trusting.verify_flags
    for trusted in trusting.get_ca_certs(binary_form=True):
        context.load_verify_locations(cadata=trusted)
    return context


@contextmanager
def _file(content: bytes) -> Iterator[str]:
    """A file with `content` that only this process reads, for as long as the block runs."""
    if sys.platform == "linux" and os.path.isdir("/proc/self/fd"):
        handle = os.memfd_create("certificate", os.MFD_CLOEXEC)
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            yield f"/proc/self/fd/{handle}"
        return
    handle, path = tempfile.mkstemp()  # readable for this user only
    try:
        with open(handle, "wb") as file:
            file.write(content)
        yield path
    finally:
        os.unlink(path)
