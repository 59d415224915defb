"""A document as a script that people read and edit. That it sends the same requests is shown where it runs."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.definition.openapi.reader import read_openapi
from jackfield.definition.sources import MAX_SCRIPT_BYTES
from jackfield.execution.openapi.export import export
from jackfield.execution.openapi.export.helpers import library, used_by
from jackfield.execution.openapi.export.words import TAKEN, WIDTH, comment, key, member, quoted
from jackfield.registry.bodies import read_entry
from pets import document

_BLOCKS = re.compile(r'/\*.*?\*/|"(?:[^"\\\n]|\\.)*"', re.DOTALL)
"""Comments and texts of what is exported, which has no other kinds of either with words of a document in them."""


def operation(name, **said):
    return {"operationId": name, "responses": {"200": {"description": "ok"}}, **said}


def with_paths(paths, **more):
    info = {"title": "It", "version": "1"}
    return {"openapi": "3.1.1", "info": info, "servers": [{"url": "https://h.example"}], "paths": paths, **more}


def functions(script):
    return re.findall(r"^function (\w+)\(\)", script, re.MULTILINE)


def test_each_command_is_a_function_in_the_order_of_the_document():
    """A reader finds what the document has where the document has it."""
    exported = export(read_openapi(document()))

    assert functions(exported.script) == ["list_pets", "add_pet", "get_pet"]
    assert list(exported.draft["configSchema"]["commands"]) == ["list_pets", "add_pet", "get_pet"]
    assert exported.warnings == ()


def test_a_function_reads_like_one_that_somebody_wrote():
    """The request is there to be seen: no table that something else reads."""
    script = export(read_openapi(document())).script

    assert script.partition("/**\n * All pets.")[2].startswith(
        """
 *
 * GET /pets
 *
 * limit (integer)
 */
function list_pets() {
  const params = floh.params;
  const url = baseUrl() + "/pets" + queryString(queryPairs("limit", params.limit));
  const headers = { ...credentialHeaders() };
  const answer = floh.http.get(url, headers);
  return toOutcome(answer);
}
"""
    )


def test_the_draft_is_a_script_connector_with_the_same_connection_and_params():
    """Whoever fills in one knows how to fill in the other."""
    read = read_openapi(document(), select=["addPet"])
    exported = export(read)
    made = read_entry(dict(exported.draft)).type.definition

    assert (made.execution_model, made.source) == ("script", {"scriptSource": exported.script})
    assert made.fields == read.fields
    assert {name: command.params for name, command in made.commands.items()} == {
        "add_pet": dict(read.commands["add_pet"].params)
    }


def test_only_helpers_that_are_used_are_in_a_script():
    """Whoever edits it reads it first."""
    script = export(read_openapi(with_paths({"/a": {"get": operation("a")}}))).script

    assert re.findall(r"^const (\w+)", script, re.MULTILINE) == [
        "baseUrl",
        "withoutSlash",
        "toBase64",
        "toOutcome",
        "toPayload",
    ]


@pytest.mark.parametrize("name", sorted(library()))
def test_no_command_can_be_called_like_a_helper(name):
    """Commands are in lower case, so that none replaces what the others need."""
    assert name != name.lower()
    assert len(used_by([name])) >= 1


@pytest.mark.parametrize("name", ["delete", "import", "floh", "eval", "undefined", "btoa"])
def test_a_command_that_no_function_can_be_called_like_has_another_name(name):
    """Words of the language, and what scripts find around them."""
    read = read_openapi(with_paths({"/a": {"get": operation(name)}, "/b": {"get": operation(f"{name}_command")}}))
    exported = export(read)

    assert functions(exported.script) == [f"{name}_command_command", f"{name}_command"]
    assert set(exported.draft["configSchema"]["commands"]) == set(functions(exported.script))
    assert [(notice.pointer, f"`{name}`" in notice.message) for notice in exported.warnings] == [
        ("/paths/~1a/get", True)
    ]


def test_a_script_that_no_connector_can_have_is_told():
    """It can be read and cut down; it cannot be saved as it is."""
    paths = {f"/{at}": {"get": operation(f"op{at}", description="word " * 40)} for at in range(MAX_SCRIPT_BYTES // 300)}
    exported = export(read_openapi(with_paths(paths)))

    assert len(exported.script) > MAX_SCRIPT_BYTES
    assert "longer than" in exported.warnings[-1].message


HOSTILE = [
    *("*/ evil(); /*", '"; evil(); "', "\\", '\\"', "\u2028evil()", "\r\nevil()", "`${evil()}`", "// evil()"),
    *("</script>", "<!-- evil()", "\u202e", "\ud800", "__proto__", "constructor", "'", "\0", "{evil()}", "é*/"),
]
texts = st.text() | st.sampled_from(HOSTILE) | st.lists(st.sampled_from(HOSTILE)).map("".join)


@given(texts)
def test_a_text_stays_in_its_quotes(text):
    """Whatever a document says; what cannot be seen is spelled out."""
    written = quoted(text)
    plain = re.sub(r"\\u\{([0-9a-f]+)\}", lambda found: json.dumps(chr(int(found[1], 16)))[1:-1], written)

    assert written.isprintable()
    assert json.loads(plain) == text


@given(texts, texts)
def test_a_comment_ends_where_it_should(said, more):
    """And has no character that cannot be seen."""
    lines = comment([said, [more, said]]).split("\n")

    assert "\n".join(lines).index("*/") == len("\n".join(lines)) - 2
    assert all(line.isprintable() for line in lines)
    assert (lines[0], lines[-1]) == ("/**", " */")


@given(texts)
def test_a_name_stands_for_itself_and_nothing_that_every_object_has(name):
    """`params.constructor` would be a function where nothing is given, and `__proto__` as a key another object."""
    assert member("params", name) in {f"params.{name}", f"params[{quoted(name)}]", f"ownValue(params, {quoted(name)})"}
    assert key(name) in {name, quoted(name), '["__proto__"]'}
    assert (key(name) == '["__proto__"]') == (name == "__proto__")


@given(st.lists(texts, min_size=6, max_size=6))
def test_nothing_of_a_document_becomes_code(said):
    """Without its comments and texts, a script is the same whatever the document says in them."""
    title, summary, wire, path, media_type, description = said
    schema = {"type": "object", "properties": {"a": {"description": description}}}
    hostile = with_paths(
        {
            f"/x/{path}": {
                "post": operation(
                    "op",
                    summary=summary,
                    parameters=[{"name": wire or "w", "in": "query", "schema": {"description": description}}],
                    requestBody={"content": {f"application/{media_type}+json": {"schema": schema}}},
                )
            }
        }
    )
    hostile["info"]["title"] = title
    script = export(read_openapi(hostile)).script
    code = _BLOCKS.sub("", script)

    assert "evil" not in re.sub(r"params\.\w+", "", code)
    assert re.search(r"[^\n -~]", code) is None


def test_lines_are_short_enough_to_be_read():
    """What people edit, they see side by side."""
    lines = "\n".join(library().values()).split("\n")
    assert [line for line in lines if len(line) > 120] == []
    assert max(len(line) for line in export(read_openapi(document())).script.split("\n")) <= max(WIDTH, 120)


def test_the_words_that_are_taken_are_those_in_lower_case():
    """Commands have no others."""
    assert {word.lower() for word in TAKEN} == TAKEN
