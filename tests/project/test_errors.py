"""Every error of the package keeps the promises that callers, docs and queues rely on."""

from __future__ import annotations

import importlib
import json
import pickle
import pkgutil
import re
import subprocess
import sys
from collections import Counter

import pytest

import jackfield
from jackfield import errors


def import_everything() -> dict[str, Exception]:
    """Import each module of the package; which ones could not be, so that one of them does not stop all tests."""
    failed: dict[str, Exception] = {}
    for module in pkgutil.walk_packages(jackfield.__path__, "jackfield."):
        try:
            importlib.import_module(module.name)
        except Exception as error:
            failed[module.name] = error
    return failed


def of_the_package() -> list[type[errors.JackfieldError]]:
    """The package's own errors: other tests may have defined some of theirs in this process."""
    return [kind for kind in errors.all_errors() if kind.__module__.partition(".")[0] == "jackfield"]


NOT_IMPORTED = import_everything()
EVERY_ERROR = of_the_package()

each_error = pytest.mark.parametrize("kind", EVERY_ERROR, ids=lambda kind: kind.code)


def an_instance(kind: type[errors.JackfieldError]) -> errors.JackfieldError:
    """An error as it is read back from an answer, the way that needs no constructor's arguments."""
    return errors.from_json(
        {
            "code": kind.code,
            "detail": "connector `acme` has no command `lits`",
            "hint": "did you mean `list`?",
            "details": {"connector": "acme", "known": ["list"], "status": 404, "nested": {"none": None}},
        }
    )


def test_every_module_can_be_imported():
    """An error in a module that is never imported would escape the promises below."""
    assert NOT_IMPORTED == {}


def test_no_two_errors_share_a_code():
    """Programs branch on the code, and read errors back by it."""
    shared = [code for code, times in Counter(kind.code for kind in EVERY_ERROR).items() if times > 1]

    assert shared == []


@each_error
def test_codes_are_kebab_case(kind):
    """They stand in URLs, in YAML and in page names."""
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", kind.code)


@each_error
def test_each_error_says_how_it_is_answered(kind):
    """Nobody should have to parse text to know whether to try again."""
    assert 400 <= kind.status <= 599
    assert kind.retry in {"never", "later", "after_fix"}
    assert (kind.__doc__ or "").strip()


@each_error
def test_errors_survive_the_trip_through_a_queue(kind):
    """A worker may raise in one process and report in another: nothing may be lost on the way."""
    error = an_instance(kind)
    twin = pickle.loads(pickle.dumps(error))

    assert type(error) is type(twin) is kind
    assert twin.to_json() == error.to_json()
    assert str(twin) == str(error)


@each_error
def test_errors_survive_the_trip_through_json(kind):
    """A remote call raises the same error as an embedded one."""
    error = an_instance(kind)
    twin = errors.from_json(json.loads(json.dumps(error.to_json())))

    assert type(twin) is kind
    assert twin.to_json() == error.to_json()


def test_errors_live_where_a_process_finds_them_that_has_imported_nothing():
    """A remote call may raise an error of any layer, and a client has not loaded them all."""
    assert [kind for kind in EVERY_ERROR if not kind.__module__.endswith("errors")] == []


def test_a_new_process_reads_every_error_back(tmp_path):
    """The words alone would leave programs with nothing to catch."""
    codes = [kind.code for kind in EVERY_ERROR]
    code = f"""if True:
        from jackfield.errors import from_json
        for code in {codes!r}:
            print(from_json({{"code": code, "detail": "d"}}).code, type(from_json({{"code": code}})).__module__)
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30)

    assert done.stdout.splitlines() == [f"{kind.code} {kind.__module__}" for kind in EVERY_ERROR]


def test_a_code_of_a_newer_version_is_kept():
    """A client may be older than its server; programs can branch on the code all the same."""
    said = {"code": "not-yet-known", "status": 409, "retry": "later", "detail": "no", "hint": "wait", "details": {}}
    error = errors.from_json(said)
    twin = pickle.loads(pickle.dumps(error))

    assert type(error) is errors.JackfieldError
    assert error.to_json() == twin.to_json() == error.to_json() | said
    assert errors.JackfieldError.code == "error"


def test_every_error_has_a_page(root):
    """Somebody who meets a code looks for its page."""
    pages = {page.stem for page in (root / "docs" / "errors").glob("*.md")}

    assert [kind.code for kind in EVERY_ERROR if kind.code not in pages] == []


def test_no_page_outlives_its_error(root):
    """A page of an error that is gone sends people the wrong way."""
    pages = {page.stem for page in (root / "docs" / "errors").glob("*.md")} - {"README"}

    assert pages - {kind.code for kind in EVERY_ERROR} == set()
