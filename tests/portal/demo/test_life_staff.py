"""Who works in the demo branch."""

from clients.org.models import Role
from portal.demo.life.staff import COLLEAGUES, WORKING


def test_there_is_somebody_in_every_role_and_eleven_take_tasks() -> None:
    assert {role for one in COLLEAGUES for role in one.roles} == set(Role.values)
    assert len(WORKING) == 11
