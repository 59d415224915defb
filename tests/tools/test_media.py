"""Pictures, sounds and files in what commands answer."""

from __future__ import annotations

import base64

import pytest

from jackfield.agents.media import MAX_CHARACTERS, MOST, medium_json, read_medium, take_media
from jackfield.agents.showing import show_outcome
from jackfield.definition.outcome import Outcome

DATA = base64.b64encode(b"\x89PNG").decode()
IMAGE = {"type": "image", "mimeType": "image/png", "data": DATA}
FILE = {"type": "resource", "uri": "file:///a.txt", "mimeType": "text/plain", "text": "hello"}


@pytest.mark.parametrize(
    "payload",
    [IMAGE, {"picture": IMAGE}, [IMAGE], {"items": [{"id": 1, "picture": IMAGE}]}, {"a": {"b": {"c": IMAGE}}}],
)
def test_a_picture_is_taken_out_wherever_it_is_near_the_top(payload):
    """As text it would be thousands of tokens that say nothing."""
    rest, (image,) = take_media(payload)

    assert (image.kind, image.mime_type, image.data) == ("image", "image/png", DATA)
    assert DATA not in str(rest)
    assert "image/png" in str(rest)


@pytest.mark.parametrize(
    "part",
    [
        {"type": "image", "mimeType": "image/png"},
        {"type": "image", "mimeType": "image/png", "data": "no base64!"},
        {"type": "image", "mimeType": "image/png", "data": "abc"},
        {"type": "image", "mimeType": "text/html", "data": DATA},
        {"type": "image", "mimeType": "image/png\r\nx", "data": DATA},
        {"type": "audio", "mimeType": "image/png", "data": DATA},
        {"type": "resource", "mimeType": "text/plain", "text": "x"},
        {"type": "resource", "uri": "no uri", "mimeType": "text/plain", "text": "x"},
        {"type": "resource", "uri": "file:///a", "mimeType": "text/plain"},
        {"type": ["image"], "mimeType": "image/png", "data": DATA},
        {"type": "video", "mimeType": "video/mp4", "data": DATA},
    ],
)
def test_what_only_looks_like_one_stays_what_it_is(part):
    """A service decides what it answers, and programs read on."""
    payload = {"part": part}

    assert take_media(payload) == (payload, ())


def test_files_are_text_or_data():
    """In the short form, and in that of the protocol."""
    nested = {"type": "resource", "resource": {"uri": "file:///b", "mimeType": "application/pdf", "blob": DATA}}
    _, (text, data) = take_media([FILE, nested])

    assert (text.text, text.uri, text.data) == ("hello", "file:///a.txt", "")
    assert (data.text, data.uri, data.data) == (None, "file:///b", DATA)


def test_too_much_is_named_and_not_shown():
    """Models refuse a call whose pictures are too large."""
    large = {**IMAGE, "data": "A" * (MAX_CHARACTERS + 4)}
    many = take_media([IMAGE] * (MOST + 1))
    rest, media = take_media({"large": large})

    assert media == ()
    assert "too much to be shown" in rest["large"]
    assert len(many[1]) == MOST


def test_texts_among_media_read_as_text():
    """A list of texts and pictures is how models write themselves."""
    rest, _ = take_media([{"type": "text", "text": "Look:"}, IMAGE])

    assert rest.startswith("Look:\n[image/png")


def test_a_result_has_its_media_beside_its_text():
    """And the text stays short whatever they weigh."""
    shown = show_outcome(
        Outcome(success=True, payload={"id": 7, "picture": {**IMAGE, "data": "A" * 40_000}}), call_id="1"
    )

    assert not shown.shortened
    assert len(shown.text) < 200
    assert len(shown.media) == 1


@pytest.mark.parametrize("part", [IMAGE, FILE, {**FILE, "text": ""}])
def test_a_medium_is_read_as_it_is_written(part):
    """On its way from a server to a program."""
    (medium,) = take_media(part)[1]

    assert medium_json(medium) == part
    assert read_medium(medium_json(medium)) == medium
