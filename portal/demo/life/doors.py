"""Logins of a few clients, so that a visitor can look at the branch from their side."""

from clients.register import selectors as register
from clients.register import services
from portal.demo.life.world import World

OF_EACH_KIND = 1  # a password takes a tenth of a second on purpose, so not everybody gets one


def open_doors(world: World, *, password: str) -> None:
    """This will give the first clients of each kind a login, as long as they have none."""
    given: dict[str, int] = {}
    for one in (household.resident for household in world.households):
        given[one.kind] = given.get(one.kind, 0) + 1
        if given[one.kind] > OF_EACH_KIND:
            continue
        client = register.client_by_number(one.client_no)
        if client and client.user_id is None:
            services.open_login(client=client, password=password)
