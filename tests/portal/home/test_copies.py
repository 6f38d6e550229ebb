"""A copy of everything we hold: asked for, made by the queue, fetched by its client alone, gone after a day."""

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from advisory.inbox.models import Message
from clients.lake import mirroring, registry
from clients.org import services as org
from clients.register.models import Client
from clients.shared.models import Job
from portal.home import jobs, services
from portal.home.copies.kinds import KINDS, LEFT_OUT
from portal.home.models import DataCopy
from tests import factories
from tests.clients.org.rows import models_with_clients
from tests.clients.portrait.screen import Event, happen
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def places(settings: Any, tmp_path: Path) -> Path:
    """A lake and a folder of copies of their own."""
    settings.LAKE_DIR, settings.COPY_DIR = tmp_path / "lake", tmp_path / "copies"
    return tmp_path / "copies"


@pytest.fixture
def bob(time_machine: Any) -> Client:
    """Bob with an account, money, a holding, a message; at the factories' present."""
    time_machine.move_to(NOW, tick=False)
    bob = factories.client("Bob", manager=factories.staff("Alice"), mobile="13812345678", occupation="=1+1")
    factories.cash(bob, 500)
    factories.position(bob, quantity=Decimal(100))
    factories.message(bob)
    return bob


@pytest.fixture
def here(client: Any, bob: Client) -> Any:
    """Bob's browser, in English."""
    client.force_login(bob.user, backend="clients.register.backends.ClientBackend")
    client.cookies["django_language"] = "en"
    return client


def made(of: Client, now: datetime = NOW) -> DataCopy:
    """A copy that is ready."""
    asked = services.ask_for_copy(client=of, ip=None, now=now)
    return services.make_copy(copy_id=asked.pk, now=now)


def opened(answer: Any) -> zipfile.ZipFile:
    """The file that an answer brings."""
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def table(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    """A CSV file of it."""
    return list(csv.DictReader(io.StringIO(archive.read(f"{name}.csv").decode("utf-8-sig"))))


def test_a_copy_is_asked_for_made_told_and_fetched(here: Any, bob: Client) -> None:
    here.post("/me/data/copy/")
    job = Job.objects.get(name="home.copy")
    waiting = here.get("/me/data/").content.decode()
    jobs.make_copy(job.pk)
    ready = here.get("/me/data/").content.decode()

    copy = DataCopy.objects.get()
    answer = here.get(f"/me/data/{copy.uid}/")
    archive = opened(answer)

    assert "is being made" in waiting
    assert f"/me/data/{copy.uid}/" not in waiting
    assert f"/me/data/{copy.uid}/" in ready
    assert (copy.asked_at, copy.ready_at, copy.expires_at) == (NOW, NOW, NOW + timedelta(days=1))
    assert Message.objects.filter(client=bob, valid_until=copy.expires_at).count() == 1
    assert answer.headers["Content-Disposition"] == 'attachment; filename="wangting-2026-11-22.zip"'
    assert "no-store" in answer.headers["Cache-Control"]
    assert {name.removesuffix(".csv") for name in archive.namelist()} == {kind.name for kind in KINDS} | {
        "traits", "signs", "who_looked", "data.json", "README.txt",
    }  # fmt: skip
    copy.refresh_from_db()
    assert copy.fetched_at == NOW


def test_the_file_says_what_is_held_masked_as_on_pages_and_safe_in_a_spreadsheet(here: Any, bob: Client) -> None:
    archive = opened(here.get(f"/me/data/{made(bob).uid}/"))

    whole = json.loads(archive.read("data.json"))
    (who,) = table(archive, "client")
    assert (who["name"], who["mobile"], who["occupation"]) == ("Bob", "138****5678", "'=1+1")
    assert whole["client"][0]["occupation"] == "=1+1"
    assert not {"aml_level", "sensitive", "name_pinyin"} & set(who)
    (held,) = table(archive, "positions")
    assert (held["day"], held["security__code"], held["quantity"]) == ("2026-11-20", "600519", "100.0000")
    assert held["account__account_no"].startswith("********")
    assert [row["title"] for row in whole["messages"]] == ["一笔到期提醒"]
    assert {name: len(rows) for name, rows in whole.items() if rows} == {
        "client": 1, "accounts": 1, "cash": 1, "positions": 1, "messages": 1, "copies": 1,
    }  # fmt: skip


def test_nothing_of_anybody_else_is_in_it(here: Any, bob: Client) -> None:
    carol = factories.client("Carol Unheard-of", manager=bob.manager)
    factories.cash(carol, 777_777)
    factories.message(carol, title="For Carol alone")
    org.log_access(staff=bob.manager, client_id=carol.pk, action="events", reason="about Carol", now=NOW)

    archive = opened(here.get(f"/me/data/{made(bob).uid}/"))

    text = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert [word for word in ("Carol", "777777", carol.client_no) if word in text] == []


def test_days_that_the_record_let_go_come_from_the_lake(here: Any, bob: Client) -> None:
    made_in_lake = publish_position(bob, date(2026, 11, 19), Decimal("70"))

    archive = opened(here.get(f"/me/data/{made(bob).uid}/"))

    rows = [(row["day"], row["security__code"], row["quantity"]) for row in table(archive, "positions")]
    assert made_in_lake == 1
    assert rows == [("2026-11-19", "600519", "70.0000"), ("2026-11-20", "600519", "100.0000")]


def test_what_he_did_on_screen_is_in_it_with_its_moments(here: Any, bob: Client) -> None:
    carol = factories.client("Carol")
    happen(Event(bob, "search", 0, 11), Event(carol, "stock_viewed", 0, 12))

    archive = opened(here.get(f"/me/data/{made(bob).uid}/"))

    (event,) = table(archive, "events")
    assert (event["event"], event["happened_at"]) == ("search", "2026-11-20 11:00:00+08")


def test_one_copy_is_made_at_a_time_and_few_a_day(here: Any, bob: Client, settings: Any) -> None:
    settings.COPIES_PER_DAY = 2
    for _time in range(2):
        here.post("/me/data/copy/")
    assert (DataCopy.objects.count(), Job.objects.filter(name="home.copy").count()) == (1, 1)
    services.make_copy(copy_id=DataCopy.objects.get().pk, now=NOW)
    made(bob)

    here.post("/me/data/copy/")

    assert DataCopy.objects.count() == 2
    assert "You have asked for several copies within a day." in here.get("/me/data/").content.decode()
    services.ask_for_copy(client=bob, ip=None, now=NOW + timedelta(days=1, seconds=1))
    assert DataCopy.objects.count() == 3


def test_making_it_again_changes_nothing(bob: Client) -> None:
    copy = made(bob)

    again = services.make_copy(copy_id=copy.pk, now=NOW + timedelta(hours=1))

    assert (again.ready_at, Message.objects.filter(client=bob).count()) == (NOW, 2)


def test_after_a_day_the_file_is_gone_and_the_row_stays(
    here: Any, bob: Client, places: Path, time_machine: Any
) -> None:
    copy = made(bob)
    other = made(factories.client("Carol"), NOW + timedelta(hours=12))
    later = NOW + timedelta(days=1)
    time_machine.move_to(later, tick=False)
    here.force_login(bob.user, backend="clients.register.backends.ClientBackend")  # the session has run out too

    answer = here.get(f"/me/data/{copy.uid}/")
    dropped = services.drop_copies(now=later + timedelta(seconds=1))

    assert answer.url == "/me/data/#copy"
    assert "This copy cannot be fetched" in here.get("/me/data/").content.decode()
    assert dropped == 1
    assert [file.stem for file in places.iterdir()] == [str(other.uid)]
    copy.refresh_from_db()
    assert copy.fetched_at is None


def test_a_copy_that_is_not_ready_cannot_be_fetched(here: Any, bob: Client) -> None:
    copy = services.ask_for_copy(client=bob, ip=None, now=NOW)

    assert here.get(f"/me/data/{copy.uid}/").url == "/me/data/#copy"


@pytest.mark.parametrize("who", ["visitor", "staff", "another"])
def test_nobody_else_fetches_it(client: Any, bob: Client, who: str) -> None:
    copy = made(bob)
    if who == "staff":
        client.force_login(bob.manager.user, backend="clients.org.backends.StaffBackend")
    if who == "another":
        client.force_login(factories.client("Carol").user, backend="clients.register.backends.ClientBackend")

    answer = client.get(f"/me/data/{copy.uid}/")
    if who != "another":
        client.post("/me/data/copy/")

    assert answer.status_code == (404 if who == "another" else 302)
    copy.refresh_from_db()
    assert copy.fetched_at is None
    assert DataCopy.objects.count() == 1


def test_a_file_is_there_whole_or_not_at_all(bob: Client, places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = services.ask_for_copy(client=bob, ip=None, now=NOW)
    monkeypatch.setattr("portal.home.copies.writing._about", lambda *_any: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        services.make_copy(copy_id=copy.pk, now=NOW)

    copy.refresh_from_db()
    assert copy.ready_at is None
    assert list(places.iterdir()) == []
    assert Message.objects.filter(client=bob).count() == 1


def test_every_table_about_clients_is_in_the_copy_or_left_out_for_a_reason() -> None:
    given = {kind.model for kind in KINDS if kind.model}
    known = {model._meta.label for model in models_with_clients()}

    assert known - given - set(LEFT_OUT) == set()
    assert (given | set(LEFT_OUT)) - known == set()
    assert given & set(LEFT_OUT) == set()


def test_every_column_of_the_lake_that_a_copy_names_is_there() -> None:
    for kind in KINDS:
        if kind.lake:
            columns = registry.columns(kind.lake) or {}
            wanted = {f"{name.partition('__')[0]}_id" if "__" in name else name for name in kind.fields}
            assert wanted - set(columns) == set(), kind.name


def publish_position(of: Client, day: date, quantity: Decimal) -> int:
    """Bring one holding into the lake as a night does, and let the record forget its day; the rows of the day."""
    position = factories.position(of, day=day, quantity=quantity)
    rows = mirroring.mirror_day(day=day, cutoff=datetime(2027, 1, 1, tzinfo=UTC))
    position.delete()
    return rows["positions"]
