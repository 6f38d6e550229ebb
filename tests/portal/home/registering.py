"""What a visitor types when he registers."""

from typing import Any
from uuid import uuid4

from clients.org.models import Branch
from tests.factories import PASSWORD

CHINESE = {"HTTP_ACCEPT_LANGUAGE": "zh-hans"}
MOBILE = "13800001234"


def typed(place: Branch, **changes: Any) -> dict[str, Any]:
    """A whole form, with what is different."""
    known = {"name": "张三", "mobile": MOBILE, "branch": place.pk, "password": PASSWORD, "again": PASSWORD}
    return {"key": uuid4(), **known, "privacy": "on", **changes}
