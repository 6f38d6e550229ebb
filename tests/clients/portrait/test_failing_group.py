"""A feature file that fails is named, its features are unknown for everybody, and the night goes on."""

from dataclasses import replace

import duckdb
import pytest

from clients.portrait import building, carrying, selectors, services, sqlfiles
from clients.portrait.sqlfiles import SqlFile
from clients.register.models import Client
from tests import factories as make
from tests.clients.portrait.one_night import only
from tests.clients.portrait.world import DAY, now, run

pytestmark = pytest.mark.django_db
SOUND = sqlfiles.group


def broken(patch: pytest.MonkeyPatch, name: str, **changes: object) -> None:
    """Let the file of one group say something else, and compute few groups."""
    only(patch, "position")

    def group(asked: str) -> SqlFile:
        return replace(SOUND(asked), **changes) if asked == name else SOUND(asked)

    patch.setattr(sqlfiles, "group", group)


def value(client: Client) -> object:
    """What the night says of his holdings."""
    return (selectors.feature_row(DAY, client.pk) or {})["position_market_value"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": "SELECT client_id, no_such_column FROM positions"}, "no_such_column"),
        ({"text": "SELECT client_id FROM positions"}, "it gives no column "),
        ({"reads": {"no_such_table": None}}, "No app declares no_such_table"),
    ],
)
def test_the_others_are_computed_and_the_file_is_named(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, object], said: str
) -> None:
    bob = make.client("Bob")
    make.position(bob)
    broken(monkeypatch, "position", **changes)

    run()

    row = selectors.feature_row(DAY, bob.pk) or {}
    assert row["account_restricted"] is False
    assert row["position_market_value"] is None
    assert row["top1_position_ratio"] is None
    assert row["top1_position_ratio__key"] is None
    failed = selectors.failed_groups(DAY)
    assert list(failed) == ["position"]
    assert failed["position"].startswith("position.sql: ")
    assert said in failed["position"]
    assert selectors.failed_features(DAY)["top1_position_ratio"] == failed["position"]
    assert "account_restricted" not in selectors.failed_features(DAY)


def test_one_that_fails_for_one_bucket_is_unknown_for_everybody_until_it_is_mended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    near, far = make.client("Near", id=5), make.client("Far", id=100_005)
    for client in (near, far):
        make.position(client)
    text = SOUND("position").text
    only_far = f"SELECT * FROM ({text}) WHERE CASE WHEN client_id > 100000 THEN error('far') ELSE TRUE END"
    broken(monkeypatch, "position", text=only_far)

    run()

    assert (value(near), value(far)) == (None, None)
    assert list(selectors.failed_groups(DAY)) == ["position"]
    monkeypatch.setattr(sqlfiles, "group", SOUND)

    run()

    assert None not in (value(near), value(far))
    assert selectors.failed_groups(DAY) == {}


def test_computed_again_up_to_the_same_moment_its_values_stay_and_it_is_said_where_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bob = make.client("Bob")
    make.position(bob)
    only(monkeypatch, "position")
    moment = now()
    first, before = run(cutoff=moment), selectors.feature_row(DAY, bob.pk)
    broken(monkeypatch, "position", text="SELECT nope FROM positions")

    again = [run(cutoff=moment) for _time in range(2)]

    assert (before or {})["position_market_value"] is not None
    assert selectors.feature_row(DAY, bob.pk) == before
    assert again[0] == again[1]
    assert selectors.failed_features(DAY) == {}
    assert "position_market_value" not in selectors.blind_features(DAY)
    kept = selectors.kept_groups(DAY)
    assert list(kept) == ["position"]
    assert kept["position"].startswith("position.sql: ")
    assert kept["position"].endswith(f"(values kept from version {first})")


def test_the_gates_look_at_what_was_kept_too(monkeypatch: pytest.MonkeyPatch) -> None:
    bob = make.client("Bob")
    make.fund_account(bob)
    only(monkeypatch, "position")
    moment = now()
    run(cutoff=moment)
    before = selectors.feature_row(DAY, bob.pk)
    broken(monkeypatch, "account", text="SELECT nothing")

    run(cutoff=moment)

    assert (before or {})["account_status"] == "normal"
    assert selectors.feature_row(DAY, bob.pk) == before
    assert list(selectors.kept_groups(DAY)) == ["account"]


def test_with_a_later_cutoff_nobody_knows_what_it_would_say(monkeypatch: pytest.MonkeyPatch) -> None:
    bob = make.client("Bob")
    make.position(bob)
    only(monkeypatch, "position")
    run()
    known = value(bob)
    broken(monkeypatch, "position", text="SELECT nope FROM positions")

    run()

    assert known is not None
    assert value(bob) is None
    assert (list(selectors.failed_groups(DAY)), selectors.kept_groups(DAY)) == (["position"], {})


def test_what_failed_the_first_time_is_not_kept_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    make.position(make.client("Bob"))
    broken(monkeypatch, "position", text="SELECT nope FROM positions")
    moment = now()

    for _time in range(2):
        run(cutoff=moment)

    assert (list(selectors.failed_groups(DAY)), selectors.kept_groups(DAY)) == (["position"], {})


def test_a_full_disk_is_not_the_fault_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    make.position(make.client("Bob"))

    def full(*_: object) -> None:
        raise duckdb.IOException("No space left on device")

    monkeypatch.setattr(building.Bucket, "_compute", full)

    with pytest.raises(duckdb.IOException, match="No space left"):
        run()

    assert selectors.feature_version(DAY) is None


def test_a_client_with_two_rows_is_not_described_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    bob = make.client("Bob")
    make.position(bob)
    broken(monkeypatch, "position", text=f"SELECT * FROM ({SOUND('position').text}), range(2)")

    run()

    assert "1 rows too many" in selectors.failed_groups(DAY)["position"]
    with selectors.open_features(DAY) as (con, rows):
        assert con.execute(f"SELECT count(*) FROM {rows}").fetchall() == [(1,)]


def test_without_the_group_that_the_gates_look_at_the_night_goes_on_too(monkeypatch: pytest.MonkeyPatch) -> None:
    bob = make.client("Bob")
    broken(monkeypatch, "account", text="SELECT nothing")

    run()

    assert list(selectors.failed_groups(DAY)) == ["account"]
    assert (selectors.feature_row(DAY, bob.pk) or {})["account_status"] is None


def test_a_state_that_cannot_be_carried_on_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    make.position(make.client("Bob"))

    def fails(*_: object, **__: object) -> int:
        raise duckdb.BinderException("no column x")

    monkeypatch.setattr(carrying, "fold", fails)

    with pytest.raises(services.CannotCarryOn, match="is not carried on, so nothing is computed: no column x"):
        run()

    assert selectors.feature_version(DAY) is None
