"""`jackfield new`: the first version of a connector, ready to be edited."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from jackfield.definition.names import check_name, slug
from jackfield.surfaces.cli.errors import FileExists

TEMPLATE = '''\
"""{description}"""

from jackfield import Bearer, Connector, Context, Outcome, Secret, UpstreamStatus, command, fail, field, succeed


class {class_name}(Connector, name="{name}", version="1.0.0", test_command="test"):
    """{description}"""

    base_url: str = field("API address, without a slash at the end.", default="https://api.example.com/v1", kind="url")
    api_key: Secret = field("API key; say here where to find it.")

    def error_map(self, error: Exception) -> Outcome | None:
        """Say in the service's terms what went wrong. Only exceptions come here, not what commands return."""
        if isinstance(error, UpstreamStatus) and error.upstream_status in {{401, 403}}:
            diagnostics = {{"status": error.upstream_status}}
            return fail("the API key was refused", code="sign-in-failed", diagnostics=diagnostics)
        return None

    @command(reads_only=True)
    async def test(self, ctx: Context) -> Outcome:
        """Check that the service can be reached and accepts the key."""
        answer = await ctx.http.get(f"{{self.base_url}}/me", auth=Bearer(self.api_key))
        answer.raise_for_status()
        return succeed()

    @command(
        reads_only=True,
        outputs=["items", "total"],
        mock={{
            "default": succeed({{"items": [{{"id": 1, "name": "First"}}, {{"id": 2, "name": "Second"}}], "total": 2}}),
            "empty": succeed({{"items": [], "total": 0}}),
        }},
    )
    async def list_items(
        self,
        ctx: Context,
        limit: int = field("Items to return.", default=50, minimum=1, maximum=200),
    ) -> Outcome:
        """List the newest items."""
        answer = await ctx.http.get(f"{{self.base_url}}/items", auth=Bearer(self.api_key), query={{"limit": limit}})
        if answer.status == 404:
            return fail("this workspace has no items", diagnostics={{"status": 404}})
        answer.raise_for_status()
        return succeed({{"items": answer.body["items"], "total": answer.body["total"]}})
'''


@click.command()
@click.argument("name")
@click.option("-d", "--description", metavar="TEXT", help="One sentence that says what it is for.")
@click.option("--script", is_flag=True, help="In JavaScript: a script, and a YAML file that describes it.")
@click.option(
    "--describe",
    "described",
    type=click.File(encoding="utf-8"),
    metavar="FILE",
    help="In JavaScript, with a command for each endpoint that this text describes; `-` for standard input.",
)
@click.option("-f", "--force", is_flag=True, help="Overwrite the file if it exists.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("connectors"),
    show_default=True,
    help="Where to write it.",
)
@click.pass_obj
def new(
    make_runtime: Any, name: str, description: str | None, script: bool, described: Any, force: bool, folder: Path
) -> None:
    """Write the first version of a connector, for example `jackfield new acme-crm -d "Contacts in Acme CRM."`.

    The file has typed connection fields, an error map, a `test` command and a `list_items` command with mocks; with
    `--script`, there is a script with the like, and a YAML file that describes it. With `--describe`, these two are
    made of a text about the service, with lines such as `GET /customers/{id} - one customer`: by the model of the
    settings where there is one. Nothing else is changed: files in the folder are found by themselves.
    """
    stem = slug(check_name(name, what="connector" if script or described else "connector type"))
    if described:
        from jackfield.surfaces.cli.new_described import write_described

        write_described(make_runtime, stem, described.read(), description=description, force=force, folder=folder)
        return
    said = _sentence(" ".join((description or f"Items of {_title(name)}").split()).replace("\\", "").replace('"', "'"))
    files = _in_javascript(stem, said) if script else _in_python(name, said)
    write(files, folder, force=force)
    trial = f"{stem}.greet name=you" if script else f"{stem}.list_items --mock default"
    found = "" if folder == Path("connectors") else f" --connectors {folder}"
    click.echo(f"Written. Try it: jackfield call {trial}{found}", err=True)


def write(files: Mapping[str, str], folder: Path, *, force: bool) -> None:
    """Write texts into files, by their names, and print their paths.

    Raises:
        FileExists: One is there, and nothing is written.
    """
    for file in files:
        if (folder / file).exists() and not force:
            raise FileExists(path=str(folder / file))
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        (folder / file).write_text(text, encoding="utf-8")
        click.echo(str(folder / file))


def _in_python(name: str, description: str) -> dict[str, str]:
    """Texts by the names of their files."""
    text = TEMPLATE.format(name=slug(name), class_name=_class_name(name), description=description)
    return {f"{slug(name).replace('-', '_')}.py": text}


def _in_javascript(name: str, description: str) -> dict[str, str]:
    """As `_in_python`."""
    from jackfield.surfaces.cli.new_script import DEFINITION, SCRIPT

    described = DEFINITION.format(name=name, file=f"{name}.js", description=description, quoted=f'"{description}"')
    return {f"{name}.js": SCRIPT.format(name=name), f"{name}.yaml": described}


def _class_name(name: str) -> str:
    camel = "".join(word.capitalize() for word in re.findall(r"[A-Za-z0-9]+", slug(name)))
    # The names that the file imports.
    return f"{camel}Connector" if camel in {"Bearer", "Connector", "Context", "Outcome", "Secret"} else camel


def _title(name: str) -> str:
    return slug(name).replace("-", " ").title()


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
