"""`manage.py texts`: a house without a demo gets what its strategies say, and hears what is still missing."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from advisory.inbox.models import MessageTemplate
from kpm.strategies import services as strategies
from kpm.strategies.models import Strategy
from kpm.strategies.services.library import read_files
from tests.factories import NOW
from tests.kpm.strategies.test_library_faults import HEAD, good, written

pytestmark = pytest.mark.django_db


def run(*arguments: object) -> str:
    out = StringIO()
    call_command("texts", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_what_live_strategies_lack_is_listed_until_it_is_published(tmp_path: Path) -> None:
    file = written(tmp_path, HEAD + good(7) + good(8))
    strategies.load_library(entries=read_files(file).entries, now=NOW)
    Strategy.objects.filter(code="OWN-TRD-8").update(status=Strategy.Status.PAUSED)

    with pytest.raises(CommandError) as refused:
        run("check")
    said = run("load", file)
    again = run("load", file)

    assert str(refused.value) == "OWN-TRD-7 names the template 'OWN-TRD-7', of which nothing is published."
    assert said == "2 texts and 0 playbooks of the library are there.\nEvery live strategy has its texts.\n"
    assert again == said
    assert MessageTemplate.objects.filter(active=True).count() == MessageTemplate.objects.count() == 2


def test_of_a_faulty_file_nothing_is_published(tmp_path: Path) -> None:
    file = written(tmp_path, HEAD + good(7) + good(8) + "- 3\n")

    with pytest.raises(CommandError, match="Nothing was published"):
        run("load", file)

    assert not MessageTemplate.objects.exists()


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        run("load", tmp_path / "none.yaml")
