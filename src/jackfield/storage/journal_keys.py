"""Under which name the effect of a write is kept, so that the same write finds it again."""

from __future__ import annotations

import hashlib
import hmac


def effect_scope(*, connector: str, command: str, principal: str) -> str:
    """Within which a key means one thing: nobody reads another's outcome by guessing a key.

    Args:
        connector: Id, so that a connector made anew under an old name starts anew.
        command: Its canonical name.
        principal: Who calls.
    """
    return _hash("scope", connector, command, principal)


def effect_key(
    *,
    tenant: str,
    execution_id: str,
    caller_key: str | None = None,
    run_id: str | None = None,
    node: str = "",
    iteration: str = "",
    generation: int = 0,
    failures: int = 0,
) -> str:
    """The key of one write: the caller's, else the step's, else the execution's own.

    A retry after an answered failure needs a new key, because services replay a stored error; a retry after silence
    needs the same one. A call without caller's key and run has a key of its own: it can report what became
    of it, but a repetition of it cannot be recognised.

    Args:
        failures: How often the service has answered this step with a failure for good.
    """
    if caller_key is not None:
        return _hash("caller", tenant, caller_key)
    if run_id is not None:
        return _hash("step", tenant, run_id, node, iteration, str(generation), str(failures))
    return _hash("execution", tenant, execution_id)


def params_hash(params: bytes, *, secret: bytes) -> bytes:
    """What tells whether two calls have the same params, without telling what they are: HMAC-SHA-256.

    Args:
        params: In a canonical form, before masking.
        secret: Of the deployment, so that params with few possible values cannot be tried out.
    """
    return hmac.digest(secret, params, "sha256")


def same_params(first: bytes, second: bytes) -> bool:
    """Whether two hashes are of the same params, in a time that does not tell where they differ."""
    return hmac.compare_digest(first, second)


def _hash(*parts: str) -> str:
    """128 bits in hex. Each part has its length before it: `a`, `bc` is not `ab`, `c`."""
    data = [part.encode("utf-8", "surrogatepass") for part in parts]
    return hashlib.blake2b(b"".join(b"%d:%s" % (len(part), part) for part in data), digest_size=16).hexdigest()
