"""What the sample's clients do on screen follows the tracking plan."""

from clients.behaviour.events import PLAN
from portal.demo.sample import events
from portal.demo.sample.people import people
from tests.portal.demo.reading import DATA_DATE, trading_days

SEEN_AS_PAGE = "page_viewed"  # trackers send it as an event of the type page


def test_the_sample_sends_every_name_of_the_plan_and_no_other() -> None:
    persons = people(trading_days(60), 200, 1)

    rows = events.rows(persons, DATA_DATE, 1)

    assert {row["event"] for row in rows if "event" in row} == {meaning.name for meaning in PLAN} - {SEEN_AS_PAGE}


def test_events_say_what_they_speak_of() -> None:
    asked = {meaning.name: set(meaning.needs.split(", ")) - {""} for meaning in PLAN}

    rows = events.rows(people(trading_days(60), 60, 1), DATA_DATE, 1)

    named = [row for row in rows if "event" in row]
    assert [row for row in named if not asked[str(row["event"])] <= row["properties"].keys()] == []  # type: ignore[attr-defined]
    assert all(row["context"]["device"]["id"] for row in named if row["event"] == "signed_in")  # type: ignore[index]
