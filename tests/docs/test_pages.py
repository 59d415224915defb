"""The runner of examples itself: what it runs, what it compares and what it lets through."""

from __future__ import annotations

import pytest
from sybil.example import SybilFailure

from .console import Command, commands, difference
from .pages import run_page


@pytest.fixture
def run(reader, monkeypatch):
    """Runs the examples of a page given as text; `~~~` stands for the fence."""

    def write_and_run(text: str) -> None:
        path = reader.parent / "page.md"
        path.write_text(text.replace("~~~", "```"))
        run_page(path, monkeypatch)

    return write_and_run


def test_blocks_of_a_page_share_their_names(run):
    """A page explains in steps; the second step may use what the first one made."""
    with pytest.raises(ZeroDivisionError):
        run("~~~python\nzero = 0\n~~~\n\nthen\n\n~~~python\n1 / zero\n~~~\n")


def test_classes_of_a_page_resolve_their_hints_as_in_a_script(run):
    """Libraries look names up in the module that a class says it is from."""
    run(
        "~~~python\nimport typing\nclass A: ...\nclass B:\n    a: 'A'\n\n"
        "assert typing.get_type_hints(B) == {'a': A}\nassert __name__ == '__main__'\n~~~\n"
    )


def test_pages_start_in_an_empty_folder_with_a_service_to_call(run):
    """What a page needs, it has to say; only the service is given."""
    run(
        "~~~python\nimport json, os, urllib.request\nassert os.listdir() == []\n"
        "with urllib.request.urlopen(os.environ['TODO_URL'] + '/todos/1') as answer:\n"
        "    assert json.load(answer) == {'id': 1, 'title': 'Write a connector', 'done': False}\n"
        "assert os.environ['JACKFIELD_EGRESS_ALLOW'] in os.environ['TODO_URL']\n~~~\n"
    )


def test_a_block_that_starts_with_a_file_name_becomes_that_file(run):
    """Pages show files before they show what to do with them."""
    run(
        "~~~python\n# greet.py\nwords = 'hello'\n~~~\n\n~~~yaml\n# settings/a.yaml\na: 1\n~~~\n\n"
        "~~~python\nimport greet\nassert greet.words == 'hello'\n"
        "from pathlib import Path\nassert Path('settings/a.yaml').read_text().endswith('a: 1\\n')\n~~~\n\n"
        "~~~console\n$ python -c 'import greet; print(greet.words)'\nhello\n~~~\n"
    )


def test_a_terminal_session_must_print_what_the_page_shows(run):
    """Output that nobody checks is wrong within a month."""
    with pytest.raises(SybilFailure, match="three"):
        run("~~~console\n$ python -c 'print(1 + 2)'\nthree\n~~~\n")


def test_a_command_may_fail_only_where_the_page_shows_its_error(run):
    """A page about an error shows it, on purpose; any other failing command is a broken page."""
    fails = "$ python -c 'import sys; sys.exit(\"error: no\")'\n"

    run(f"~~~bash\n{fails}error: no\n~~~\n")
    with pytest.raises(SybilFailure, match="ended with status 1"):
        run(f"~~~bash\n{fails}~~~\n")


def test_commands_for_the_readers_own_machine_are_left_alone(run):
    """Pages tell how to clone and install; the tests must do neither."""
    run("~~~console\n$ false\nwhatever\n~~~\n\n~~~bash\npython3 dev.py\n~~~\n")


def test_skipped_blocks_do_not_run(run):
    """A block that needs the outside world says so with a comment that readers do not see."""
    run("<!--- skip: next -->\n\n~~~python\n1 / 0\n~~~\n\n~~~python\nafter = 1\n~~~\n")


def test_long_commands_go_on_after_a_backslash():
    """As they do in a terminal, with or without its second prompt."""
    session = "$ jackfield call \\\n>   todo.list\n[]\n$ jackfield types\n"

    assert list(commands(session)) == [
        Command(text="jackfield call \\\n  todo.list", shown="[]"),
        Command(text="jackfield types", shown=""),
    ]


def test_text_for_a_command_goes_on_until_its_end():
    """A body of several lines is easier to read as it is than in one quoted line."""
    session = "$ curl -d @- <<END\n{\n}\nEND\nshown\n"

    assert list(commands(session)) == [Command(text="curl -d @- <<END\n{\n}\nEND", shown="shown")]


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a\nb", "a  \nb\n", True),
        ("a ... d", "a b c d\n", True),
        ("first\n...\nlast", "first\n2\n3\nlast\n", True),
        ("", "anything", True),
        ("a", "b\n", False),
        ("a", "a\nb\n", False),
    ],
)
def test_three_dots_stand_for_anything_and_all_else_for_itself(shown, printed, same):
    """Ids and times differ on every run; nothing else may."""
    assert (difference(shown=shown, printed=printed, after="it") == "") is same


@pytest.mark.slow
def test_a_page_that_starts_a_server_has_it_to_its_end(run):
    """What it says is compared as if on the usual port, and what comes after it asks that server."""
    run(
        "~~~console\n$ jackfield serve --demo\n"
        "Jackfield runs on http://127.0.0.1:8321 ...\n  admin token  jf_...\n...\n~~~\n\n"
        '~~~console\n$ curl -s "$JACKFIELD_URL/api/health"\n{"status":"ok"}\n~~~\n\n'
        "~~~console\n$ jackfield call demo.get_book id=1\n...Flatland...\n~~~\n\n"
        "~~~python\nimport os\nassert os.environ['SHOP'].startswith('127.0.0.1:')\n~~~\n\n"
        "~~~console\n$ unset JACKFIELD_URL JACKFIELD_TOKEN\n~~~\n\n"
        "~~~python\nassert not {'JACKFIELD_URL', 'JACKFIELD_TOKEN'} & set(os.environ)\n~~~\n"
    )
