"""The web interface's files: shown to everybody, kept by browsers as long as they are the same, and nothing else."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from jackfield.surfaces.rest import ui_files
from jackfield.surfaces.rest.ui_files import UiFiles
from server.browser import nobody
from server.world import At, Said, at, settings
from surfaces.served import served

PAGE = b"<!doctype html><title>the page</title>"
SCRIPT = b"console.log('hello');" * 50
OUTSIDE = b"what nobody is to see"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a build leaves behind, beside a file that is not part of it."""
    above = tmp_path_factory.mktemp("ui")
    (above / "outside.txt").write_bytes(OUTSIDE)
    (above / "_ui" / "assets").mkdir(parents=True)
    files = {
        "index.html": PAGE,
        "index.html.gz": gzip.compress(PAGE),
        "icon.svg": b"<svg/>",
        ".built-from": OUTSIDE,
        "assets/index-4f2a.js": SCRIPT,
        "assets/index-4f2a.js.gz": gzip.compress(SCRIPT),
        "assets/small-1b2c.css": b"a{}",
        "assets/font-77aa.woff2": b"wOF2",
        "assets/odd.unheard": b"?",
    }
    for name, content in files.items():
        (above / "_ui" / name).write_bytes(content)
    return above / "_ui"


@pytest.fixture(scope="module")
def server(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[At]:
    """A server with that interface, for somebody without a token."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ui_files, "FOLDER", folder)
        with served(settings(tmp_path_factory.mktemp("data"))) as started:
            yield nobody(at(started))


def get(server: At, path: str, method: str = "GET", **headers: str) -> Said:
    return server.ask(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize("path", ["/", "/ui"])
def test_the_way_leads_to_the_interface(server: At, path: str):
    said = get(server, path)

    assert (said.status, said.headers["location"]) == (307, "/ui/")


@pytest.mark.parametrize(
    "path", ["/ui/", "/ui/index.html", "/ui/connectors", "/ui/connectors/a/b.c", "/ui/nowhere?x=1"]
)
def test_the_page_is_at_every_path_and_asked_for_again_each_time(server: At, path: str):
    """Which of its views a path means is the page's own business; a new version is seen at once."""
    said = get(server, path)

    assert (said.status, said.body) == (200, PAGE)
    assert said.headers["content-type"] == "text/html; charset=utf-8"
    assert said.headers["cache-control"] == "no-cache"


def test_assets_are_kept_for_ever(server: At):
    """Their names change with what is in them."""
    said = get(server, "/ui/assets/index-4f2a.js")

    assert (said.status, said.body) == (200, SCRIPT)
    assert said.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert said.headers["content-type"] == "text/javascript; charset=utf-8"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("assets/small-1b2c.css", "text/css; charset=utf-8"),
        ("assets/font-77aa.woff2", "font/woff2"),
        ("assets/odd.unheard", "application/octet-stream"),
        ("icon.svg", "image/svg+xml"),
    ],
)
def test_files_are_told_by_their_kind_and_never_guessed_at(server: At, name: str, kind: str):
    said = get(server, f"/ui/{name}")

    assert (said.headers["content-type"], said.headers["x-content-type-options"]) == (kind, "nosniff")
    assert "vary" not in said.headers


def test_what_is_not_an_asset_is_asked_for_again(server: At):
    assert get(server, "/ui/icon.svg").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip", True),
        ("gzip, deflate, br, zstd", True),
        ("br;q=1.0, GZIP;q=0.5", True),
        ("*", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip;q=0.000, br", False),
        ("x-gzipped", False),
        ("gzipx", False),
    ],
)
def test_who_takes_gzip_gets_it(server: At, accepted: str, packed: bool):
    """Source: RFC 9110, section 12.5.3."""
    said = get(server, "/ui/assets/index-4f2a.js", accept_encoding=accepted)

    assert (said.headers.get("content-encoding") == "gzip") is packed
    assert (gzip.decompress(said.body) if packed else said.body) == SCRIPT
    assert said.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("name", ["assets/index-4f2a.js.gz", "assets/small-1b2c.css.gz", "assets/nothing.js.gz"])
def test_a_compressed_twin_is_no_file_of_its_own(server: At, name: str):
    """Whether there is one or not."""
    assert get(server, f"/ui/{name}", accept_encoding="gzip").code == "route-not-found"


@pytest.mark.parametrize("path", ["/ui/", "/ui/icon.svg", "/ui/assets/index-4f2a.js"])
@pytest.mark.parametrize("accepted", ["gzip", "identity"])
def test_what_a_browser_has_is_not_sent_again(server: At, path: str, accepted: str):
    """Source: RFC 9110, sections 13.1.2 and 15.4.5."""
    etag = get(server, path, accept_encoding=accepted).headers["etag"]

    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        said = get(server, path, accept_encoding=accepted, if_none_match=known)
        assert (said.status, said.body, said.headers["etag"]) == (304, b"", etag)
    assert get(server, path, accept_encoding=accepted, if_none_match='"other"').status == 200


def test_the_two_forms_of_a_file_have_two_etags(server: At):
    """Else a cache between would answer one for the other."""
    forms = [get(server, "/ui/", accept_encoding=accepted).headers["etag"] for accepted in ("gzip", "identity")]

    assert forms[0] != forms[1]


@pytest.mark.parametrize("path", ["/ui/", "/ui/assets/index-4f2a.js"])
def test_head_is_get_without_the_body(server: At, path: str):
    full, head = get(server, path), get(server, path, "HEAD")

    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == full.headers["content-length"]
    assert head.headers["etag"] == full.headers["etag"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_done_to_the_files(server: At, method: str):
    assert get(server, "/ui/", method).status == 405


@pytest.mark.parametrize("path", ["/ui/", "/ui/assets/index-4f2a.js", "/ui/connectors"])
def test_the_page_runs_nobody_elses_script_and_stands_in_nobody_elses_frame(server: At, path: str):
    headers = get(server, path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin-allow-popups"


WAYS_OUT = [
    "/ui/../outside.txt",
    "/ui/assets/../../outside.txt",
    "/ui/%2e%2e/outside.txt",
    "/ui/..%2foutside.txt",
    "/ui/%2e%2e%2foutside.txt",
    "/ui/%252e%252e%252foutside.txt",
    "/ui/..%5coutside.txt",
    "/ui/..\\outside.txt",
    "/ui//etc/passwd",
    "/ui/%2fetc%2fpasswd",
    "/ui/./../outside.txt",
    "/ui/outside.txt",
    "/ui/.built-from",
    "/ui/index.html%00.js",
    "/ui/assets/index-4f2a.js%00",
    "/ui/assets/%00",
    "/ui/assets/",
    "/ui/assets",
    "/ui/assets/index-4f2a.js/",
    "/ui/assets/index-4f2a.js%0a",
    "/ui/%0d%0aset-cookie:x",
    "/ui/ASSETS/index-4f2a.js",
    "/ui/../api/executions",
    "/ui/..%2fapi%2fexecutions",
    "/ui/" + "../" * 30 + "etc/passwd",
    "/ui/" + "x" * 5000,
]


@pytest.mark.parametrize("path", WAYS_OUT, ids=lambda path: path[:40])
@pytest.mark.parametrize("accepted", ["identity", "gzip"])
def test_no_path_leads_to_anything_but_the_page_and_its_files(server: At, path: str, accepted: str):
    """What is asked for is a name among those that were built, and never a path."""
    said = get(server, path, accept_encoding=accepted)
    body = gzip.decompress(said.body) if said.headers.get("content-encoding") else said.body

    assert (said.status, body) == (200, PAGE) or (said.status, said.code) == (404, "route-not-found")
    assert "set-cookie" not in said.headers
    assert OUTSIDE not in body


def test_an_asset_of_another_version_is_missing_and_no_page(server: At):
    """A page in its place would be taken for a script, and be kept."""
    said = get(server, "/ui/assets/index-old.js")

    assert (said.status, said.code, said.headers["cache-control"]) == (404, "route-not-found", "no-store")


def test_a_build_that_is_newer_is_seen_without_a_restart(tmp_path: Path):
    (tmp_path / "assets").mkdir()
    files = UiFiles(tmp_path)

    assert files.current() == {}
    (tmp_path / "index.html").write_bytes(b"one")
    assert files.current()["index.html"].plain == b"one"
    (tmp_path / "index.html").write_bytes(b"two")
    os.utime(tmp_path / "index.html", ns=(1, 1))
    assert files.current()["index.html"].plain == b"two"
    (tmp_path / "index.html").unlink()
    assert files.current() == {}


def test_where_it_was_not_built_a_page_says_so_and_all_else_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A source tree has none before `dev.py` has built it."""
    monkeypatch.setattr(ui_files, "FOLDER", tmp_path / "nowhere")
    with served(settings(tmp_path)) as started:
        server = at(started)
        said, asset = get(server, "/ui/connectors"), get(server, "/ui/assets/x.js")
        others = [get(server, path).status for path in ("/docs", "/api/health", "/api/executions")]

    assert (said.status, said.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert b"python3 dev.py" in said.body
    assert b'href="/docs"' in said.body
    assert asset.status == 503
    assert others == [200, 200, 200]
