"""The authoring tools of a process, made of what it has anyway."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jackfield.app.model_service import model_of
from jackfield.definition.outcome import Outcome
from jackfield.dispatch.call import Call
from jackfield.dispatch.run import Dispatcher
from jackfield.manage.authoring.bench import Bench
from jackfield.manage.authoring.service import Authoring
from jackfield.registry.catalogue import Catalogue
from jackfield.vault.watch import SecretWatch

if TYPE_CHECKING:
    from jackfield.app.opening import Parts
    from jackfield.manage.connection_tests import ConnectionTests
    from jackfield.manage.connectors import Connectors
    from jackfield.manage.imports import Imports
    from jackfield.manage.trials import Trials


def authoring_of(
    parts: Parts,
    dispatcher: Dispatcher,
    catalogue: Catalogue,
    watch: SecretWatch,
    *,
    imports: Imports,
    tests: ConnectionTests,
    trials: Trials,
    connectors: Connectors | None = None,
) -> Authoring:
    """The tools, with the model of the settings where there is one.

    Args:
        parts: Of the process.
        dispatcher: Makes calls.
        catalogue: What exists.
        watch: Knows the secrets that no model is told.
        imports: As in the resources.
        tests: As in the resources.
        trials: As in the resources.
        connectors: Where any are kept.
    """

    async def run(call: Call) -> Outcome[Any]:
        return (await dispatcher.run(call)).outcome

    model, no_model = model_of(parts.settings, pools=parts.pools, policy=parts.policy, mask=watch.mask)
    bench = Bench(
        imports=imports,
        tests=tests,
        trials=trials,
        catalogue=catalogue,
        run=run,
        kept=connectors,
        model=model,
        no_model=no_model,
    )
    return Authoring(bench)
