"""Whose address counts: behind trusted proxies what they saw, and never what the client says of himself."""

from typing import Any

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from clients.shared import addresses

PROXY, CLIENT, FORGED = "10.0.0.1", "203.0.113.7", "198.51.100.9"


def seen(said: str | None, proxies: int, settings: Any, socket: str = PROXY) -> str | None:
    """The address of a request that came from `socket` with this header."""
    settings.TRUSTED_PROXIES = proxies
    headers = {} if said is None else {"HTTP_X_FORWARDED_FOR": said}
    return addresses.of(RequestFactory().get("/", REMOTE_ADDR=socket, **headers))


@pytest.mark.parametrize(
    ("said", "proxies", "address"),
    [
        (None, 0, PROXY),
        (CLIENT, 0, PROXY),
        (CLIENT, 1, CLIENT),
        (f"{FORGED}, {CLIENT}", 1, CLIENT),
        (f'"{FORGED}, {CLIENT}', 1, CLIENT),
        (f"{CLIENT}, 10.0.0.2", 2, CLIENT),
        (f"{FORGED},{FORGED},{CLIENT},10.0.0.2", 2, CLIENT),
        ("2001:DB8::7", 1, "2001:db8::7"),
        (None, 1, PROXY),
        ("", 1, PROXY),
        ("unknown", 1, PROXY),
        (CLIENT, 2, PROXY),
    ],
)
def test_the_client_stands_as_far_from_the_end_as_there_are_proxies(
    said: str | None, proxies: int, address: str, settings: Any
) -> None:
    assert seen(said, proxies, settings) == address


def test_a_unix_socket_has_no_address(settings: Any) -> None:
    assert seen(None, 0, settings, socket="") is None


@given(forged=st.text(max_size=60), proxies=st.integers(1, 3))
def test_whatever_a_client_writes_himself_changes_nothing(forged: str, proxies: int) -> None:
    chain = ", ".join([forged, CLIENT, *["10.0.0.2"] * (proxies - 1)])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(addresses.settings, "TRUSTED_PROXIES", proxies)
        found = addresses.of_environ({"REMOTE_ADDR": PROXY, "HTTP_X_FORWARDED_FOR": chain})

    assert found == CLIENT
