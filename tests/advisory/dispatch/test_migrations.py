"""What a migration makes of rows that were there before it."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection

from advisory.taskqueue.models import Task
from kpm.strategies.models import Hit
from tests import factories as make
from tests.kpm.strategies.rounds import DAY, run, version

pytestmark = pytest.mark.django_db
SQL = import_module("advisory.dispatch.migrations.0004_task_at_of_made_tasks").TASK_AT


def test_a_call_after_a_message_counts_from_when_its_task_was_made() -> None:
    bob, charlie, dora = (make.client(name) for name in ("Bob", "Charlie", "Dora"))
    work = version("A")
    run([(work, one) for one in (bob, charlie, dora)], now=make.NOW, day=DAY)
    made, noted = make.NOW + timedelta(hours=24), make.NOW + timedelta(hours=1)
    for one in (bob, charlie):
        make.task(one, hit_uid=Hit.objects.get(client=one).uid, created_at=made)
    Hit.objects.filter(client=charlie).update(task_at=noted)
    Hit.objects.filter(client=dora).update(delivered_at=make.NOW)

    with connection.cursor() as cursor:
        cursor.execute(SQL)

    found = dict(Hit.objects.values_list("client__name", "task_at"))
    assert found == {"Bob": made, "Charlie": noted, "Dora": None}
    assert Task.objects.count() == 2
