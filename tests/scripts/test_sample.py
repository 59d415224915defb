"""The connector `sample-script`, which comes with Jackfield."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jackfield import Jackfield, Outcome
from jackfield.access.principal import LOCAL
from jackfield.app.embedded import Embedded
from jackfield.dispatch.call import Call
from jackfield.settings import MEMORY, Settings


@pytest.fixture
def call(jackfield: Jackfield) -> Any:
    def call(command: str, **params: Any) -> Outcome[Any]:
        return jackfield.connector("sample-script", command, params)

    return call


def test_it_says_its_version_and_how_much_it_has(call: Any):
    """C12, `test`."""
    assert call("test").payload == {"status": "ok", "version": "1.0.0", "dataCount": 5}


def test_an_employee_is_found_by_id_or_address(call: Any):
    """C12, `lookupEmployee`: what a workflow reads later is in the variables."""
    by_id, by_email = call("lookupEmployee", id="E003"), call("lookup_employee", email="CHIARA@example.com")

    assert by_id.payload == by_email.payload
    assert by_id.employee["name"] == "Chiara Rossi"
    assert by_id.variables == {"employeeFound": True, "employeeId": "E003"}


def test_an_employee_who_is_not_there_is_a_failure(call: Any):
    """With diagnostics for who looks for the cause, and variables for who goes on."""
    absent, unsaid = call("lookupEmployee", id="E999"), call("lookupEmployee")

    assert (absent.success, absent.diagnostics["id"], absent.variables) == (False, "E999", {"employeeFound": False})
    assert unsaid.diagnostics == {"missing": ["id", "email"]}


def test_employees_are_listed_by_department(call: Any):
    """C12, `listEmployees`: all of them, or some."""
    everybody, sales, first = (
        call("listEmployees"),
        call("listEmployees", department="sales"),
        call("listEmployees", limit=1),
    )

    assert (everybody.total, len(everybody.employees)) == (5, 5)
    assert [each["id"] for each in sales.employees] == ["E004", "E005"]
    assert (first.total, len(first.employees)) == (5, 1)
    assert sales.variables == {"employeeCount": 2}


def test_an_employee_is_checked_and_not_created(call: Any):
    """C12, `createEmployee`: simulated."""
    good = call("createEmployee", name="Fay Lind", email="FAY@example.com", department="sales")
    bad, worse = call("createEmployee", name="Fay", email="fay", department="sales"), call("createEmployee", name="Fay")

    assert good.employee["id"] == "E006"
    assert (good.employee["email"], good.simulated, good.employee["company"]) == (
        "fay@example.com",
        True,
        "Example Ltd",
    )
    assert bad.diagnostics == {"invalid": ["email"]}
    assert worse.diagnostics == {"missing": ["email", "department"]}
    assert call("listEmployees").total == 5


def test_everything_that_a_script_is_given_is_shown(call: Any):
    """C12, `echo`."""
    assert call("echo", anything=[1, {"at": "all"}]).payload == {
        "params": {"anything": [1, {"at": "all"}]},
        "config": {"company": "Example Ltd"},
        "variables": {},
    }


async def test_what_a_run_knows_is_there(tmp_path: Path):
    """`floh.variables`: of the run that the call is a step of."""
    runtime = Embedded(Settings(data=tmp_path, database_url=MEMORY, connectors=()), types=[])
    try:
        call = Call(principal=LOCAL, target="sample-script", command="listEmployees", variables={"department": "sales"})
        outcome = await runtime.run(call)
    finally:
        await runtime.close()

    assert [each["id"] for each in outcome.payload["employees"]] == ["E004", "E005"]
