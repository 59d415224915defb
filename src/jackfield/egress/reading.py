"""Read an answer within a cap, before and after decompression. A gzip of 64 KiB can be 64 MiB."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator, Mapping

from aiohttp import ClientResponse

from jackfield.egress.errors import BadResponse, ResponseTooLarge

_PIECE = 256 * 1024
_MAX_ENCODINGS = 2
_MAX_MEMBERS = 1024
_DECODED = frozenset({"gzip", "x-gzip", "deflate"})


def read_now(response: ClientResponse, limit: int) -> bytes | None:
    """The body, if it has arrived completely and needs no decoding; spares the ordinary answer any waiting.

    Args:
        response: Its body is untouched so far.
        limit: Cap in bytes; a larger body is left to `read`.
    """
    content = response.content
    if not content.is_eof() or content.total_bytes > limit or "Content-Encoding" in response.headers:
        return None
    return content.read_nowait()


async def read(response: ClientResponse, *, limit: int, url: str) -> bytes:
    """The decoded body.

    Args:
        response: Closed when reading fails or is cancelled, released otherwise.
        limit: Cap in bytes.
        url: For messages.

    Raises:
        ResponseTooLarge: The body as sent, or decoded, exceeds the cap.
        BadResponse: The encoding is broken, or more than two are chained.
    """
    return b"".join([piece async for piece in read_pieces(response, limit=limit, url=url)])


async def read_pieces(response: ClientResponse, *, limit: int, url: str) -> AsyncIterator[bytes]:
    """As `read`, piece by piece as they arrive."""
    try:
        _refuse_early(response, limit, url)
        decoder = Decoder(_encodings(response.headers, url), limit=limit, url=url)
        while chunk := await response.content.readany():
            for piece in decoder.feed(chunk):
                yield piece
                if len(piece) == _PIECE:
                    # Decompression must not keep other tasks from running.
                    await asyncio.sleep(0)
        decoder.finish()
    except BaseException:
        response.close()
        raise


def _refuse_early(response: ClientResponse, limit: int, url: str) -> None:
    length = response.headers.get("Content-Length", "")
    # The answer to HEAD names a length that is not sent; its content is at its end from the start.
    if length.isdecimal() and int(length) > limit and not response.content.at_eof():
        raise ResponseTooLarge(url=url, limit=limit)


def _encodings(headers: Mapping[str, str], url: str) -> list[str]:
    """The encodings to undo, outermost first.

    One that we did not ask for ends the list: what is inside it is given as it came.
    """
    given = ",".join(value for name, value in headers.items() if name.lower() == "content-encoding")
    names = [name.strip().lower() for name in given.split(",") if name.strip()]
    if len(names) > _MAX_ENCODINGS:
        raise BadResponse(url=url, reason=f"it is encoded {len(names)} times")
    undo: list[str] = []
    for name in reversed(names):
        if name not in _DECODED | {"identity"}:
            break
        if name in _DECODED:
            undo.append(name)
    return undo


class Decoder:
    """Undoes content encodings, counting bytes at every stage.

    Args:
        encodings: Outermost first.
        limit: No stage may give more bytes than this.
        url: For messages.
    """

    def __init__(self, encodings: list[str], *, limit: int, url: str) -> None:
        self._stages = [_Inflate(name) for name in encodings]
        self._counts = [0] * (len(encodings) + 1)
        self._limit = limit
        self._url = url

    def feed(self, chunk: bytes, stage: int = 0) -> Iterator[bytes]:
        """The decoded pieces that `chunk` gives.

        Raises:
            ResponseTooLarge: A stage gave too much.
            BadResponse: The bytes are not what their encoding says.
        """
        self._counts[stage] += len(chunk)
        if self._counts[stage] > self._limit:
            raise ResponseTooLarge(url=self._url, limit=self._limit)
        if stage == len(self._stages):
            yield chunk
            return
        try:
            for piece in self._stages[stage].feed(chunk):
                yield from self.feed(piece, stage + 1)
        except zlib.error:
            raise BadResponse(url=self._url, reason="its compressed body is broken") from None

    def finish(self) -> None:
        """Check that nothing is missing.

        Raises:
            BadResponse: The compressed body ended early.
        """
        for stage, count in zip(self._stages, self._counts, strict=False):
            if count and not stage.complete:
                raise BadResponse(url=self._url, reason="its compressed body is incomplete")


class _Inflate:
    """One gzip or deflate stage that never gives more than 256 KiB at a time."""

    def __init__(self, encoding: str) -> None:
        self._wbits = 15 if encoding == "deflate" else 31
        self._stream = zlib.decompressobj(self._wbits)
        self._started = False
        self._members = 1

    @property
    def complete(self) -> bool:
        """Whether the last member reached its end."""
        return self._stream.eof

    def feed(self, data: bytes) -> Iterator[bytes]:
        if not self._started and data:
            self._start(data[0])
        while data and self._next_member(data):
            piece = self._stream.decompress(data, _PIECE)
            # Within a member the rest waits in unconsumed_tail; after its end in unused_data.
            data = self._stream.unconsumed_tail or self._stream.unused_data
            if piece:
                yield piece
        # zlib may hold back output although it took all input.
        while not self._stream.eof and (piece := self._stream.decompress(b"", _PIECE)):
            yield piece

    def _start(self, first: int) -> None:
        self._started = True
        if self._wbits == 15 and first & 0x0F != 8:
            # Some servers send deflate without the zlib head (RFC 9110, section 8.4.1.2, note).
            self._wbits = -15
            self._stream = zlib.decompressobj(self._wbits)

    def _next_member(self, data: bytes) -> bool:
        """Whether `data` is to be read: a stream that ended is followed by another gzip member or by padding."""
        if not self._stream.eof:
            return True
        if self._wbits != 31 or data[0] != 0x1F:
            return False
        self._members += 1
        if self._members > _MAX_MEMBERS:
            # Each member copies what follows it: many tiny ones cost quadratic time.
            raise zlib.error
        self._stream = zlib.decompressobj(self._wbits)
        return True
