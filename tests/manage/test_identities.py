"""Whom the company's issuer vouches for, and who decides that."""

from __future__ import annotations

from functools import partial

import pytest

from jackfield.access.errors import AdminRequired, ScopeMissing
from jackfield.access.principal import Principal
from jackfield.definition.errors import InvalidParams
from jackfield.manage.errors import IssuerNotSet, UnknownUser
from jackfield.manage.users import Users
from jackfield.storage import identities
from jackfield.storage.errors import AlreadyExists
from manage.people import ADMIN, ANN, BOB, EVE, audit_words, audited

ISSUER, OTHER = "https://login.example/", "https://other.example"


@pytest.fixture
def people(world) -> Users:
    return Users(world, issuer=ISSUER)


async def known(world, subject: str, issuer: str = ISSUER) -> str | None:
    """The id of the user that a token stands for."""
    found = await world.read(partial(identities.find_user, issuer=issuer, subject=subject))
    return found and found.id


async def test_a_subject_stands_for_the_user_it_was_linked_to(world, people):
    """Shown to the user and to administrators, and written down with who did it."""
    linked = await people.link(ADMIN, "ann", subject="2482")
    entries = await audited(world)

    assert (linked.name, linked.subject) == ("ann", "2482")
    assert await known(world, "2482") == ANN.id
    assert (await people.get(ANN, "ann")).subject == "2482"
    assert [user.subject for user in await people.list(BOB)] == [None]
    assert entries[-1].details == {"name": "ann", "issuer": ISSUER, "subject": "2482"}
    assert (await audit_words(world))[-1] == f"local user.link {ANN.id} done"


async def test_a_user_has_one_subject(world, people):
    """A person who gets a new account is linked anew, and the old one counts no longer."""
    await people.link(ADMIN, "ann", subject="old")
    await people.link(ADMIN, "ann", subject="new")
    await people.link(ADMIN, "ann", subject="new")

    assert (await known(world, "old"), await known(world, "new")) == (None, ANN.id)


@pytest.mark.parametrize("who", ["bob", "eve"])
async def test_a_subject_has_one_user(world, people, who):
    """In all tenants: a token does not say which it is for."""
    await people.link(ADMIN, "ann", subject="2482")
    linker = EVE if who == "eve" else ADMIN
    with pytest.raises(AlreadyExists):
        await people.link(linker, who, subject="2482")

    assert await known(world, "2482") == ANN.id


async def test_another_issuer_is_another_world(world, people):
    """The same number is somebody else there. What one issuer's setting links, another's does not show."""
    await people.link(ADMIN, "ann", subject="2482")
    await Users(world, issuer=OTHER).link(ADMIN, "bob", subject="2482")

    assert (await known(world, "2482"), await known(world, "2482", OTHER)) == (ANN.id, BOB.id)
    assert (await people.get(ADMIN, "bob")).subject is None


async def test_what_was_linked_is_unlinked(world, people):
    """Once is enough, and it is written down once."""
    await people.link(ADMIN, "ann", subject="2482")
    first, second = await people.unlink(ADMIN, "ann"), await people.unlink(ADMIN, "ann")
    words = [line for line in await audit_words(world) if "unlink" in line]

    assert (first.subject, second.subject) == (None, None)
    assert await known(world, "2482") is None
    assert words == [f"local user.unlink {ANN.id} done"]


async def test_a_deleted_user_leaves_the_subject_free(world, people):
    """For whoever that person becomes here."""
    await people.link(ADMIN, "ann", subject="2482")
    await people.delete(ADMIN, "ann")
    await people.link(ADMIN, "bob", subject="2482")

    assert await known(world, "2482") == BOB.id


@pytest.mark.parametrize("verb", ["link", "unlink"])
async def test_it_takes_an_administrator_with_a_token_that_may_change_things(world, people, verb):
    """Whoever links people can become them."""

    async def attempt(caller: Principal) -> None:
        await (people.link(caller, "ann", subject="2482") if verb == "link" else people.unlink(caller, "ann"))

    with pytest.raises(AdminRequired):
        await attempt(ANN)
    with pytest.raises(ScopeMissing):
        await attempt(Principal(user="local", id="local", admin=True, scopes=frozenset({"read"})))
    words = [line for line in await audit_words(world) if verb in line]

    assert words == [f"id-of-ann user.{verb} ann denied", f"local user.{verb} ann denied"]


async def test_people_of_another_tenant_are_not_there(people):
    """To an administrator of one tenant there is nobody else's."""
    with pytest.raises(UnknownUser):
        await people.link(EVE, "ann", subject="2482")


@pytest.mark.parametrize("subject", ["", "a" * 256, "a\nb", "a\0b", "\ud800"])
async def test_what_no_token_has_is_no_subject(people, subject):
    """It would never count."""
    with pytest.raises(InvalidParams):
        await people.link(ADMIN, "ann", subject=subject)


async def test_without_an_issuer_there_is_nobody_to_vouch(world):
    """Rather than a link that would count for whichever issuer is set later."""
    with pytest.raises(IssuerNotSet):
        await Users(world).link(ADMIN, "ann", subject="2482")
    with pytest.raises(IssuerNotSet):
        await Users(world).unlink(ADMIN, "ann")
