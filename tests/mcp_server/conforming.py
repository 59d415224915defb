"""A connector whose commands answer what the conformance suite of the protocol wants of tools with their names."""

import asyncio
import base64

from jackfield import Connector, Context, Outcome, command, fail, succeed

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
WAV = base64.b64encode(b"RIFF$\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0@\x1f\0\0@\x1f\0\0\1\0\x08\0data\0\0\0\0").decode()
IMAGE = {"type": "image", "mimeType": "image/png", "data": PNG}


class Conforming(Connector, name="conforming", version="1.0.0"):
    """Answers as the suite wants."""

    @command(reads_only=True)
    async def test_simple_text(self) -> Outcome:
        """Answer a text."""
        return succeed("This is a simple text response for testing.")

    @command(reads_only=True)
    async def test_image_content(self) -> Outcome:
        """Answer a picture."""
        return succeed(IMAGE)

    @command(reads_only=True)
    async def test_audio_content(self) -> Outcome:
        """Answer a sound."""
        return succeed({"type": "audio", "mimeType": "audio/wav", "data": WAV})

    @command(reads_only=True)
    async def test_embedded_resource(self) -> Outcome:
        """Answer a file."""
        text = "This is an embedded resource content."
        return succeed({"type": "resource", "uri": "test://embedded-resource", "mimeType": "text/plain", "text": text})

    @command(reads_only=True)
    async def test_multiple_content_types(self) -> Outcome:
        """Answer several things at once."""
        uri, text = "test://mixed-content-resource", '{"test":"data","value":123}'
        file = {"type": "resource", "uri": uri, "mimeType": "application/json", "text": text}
        return succeed([{"type": "text", "text": "Multiple content types test:"}, IMAGE, file])

    @command(reads_only=True)
    async def test_error_handling(self) -> Outcome:
        """Fail."""
        return fail("This tool intentionally returns an error for testing")

    @command(reads_only=True)
    async def test_tool_with_progress(self, ctx: Context) -> Outcome:
        """Say how it goes on."""
        for step in (0, 50, 100):
            ctx.log.info("%d of 100", step)
            await asyncio.sleep(0)
        return succeed("done")

    @command(reads_only=True)
    async def test_logging_tool(self, ctx: Context) -> Outcome:
        """Log a line."""
        ctx.log.info("a line")
        return succeed("logged")
