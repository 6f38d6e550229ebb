"""Every code that a page may show has words in both languages."""

import re

import pytest
from django.utils import translation

from clients.org import pools
from clients.portrait import selectors as portrait
from clients.register.kinds.accounts import PERMISSIONS
from kpm.strategies import naming
from kpm.strategies.gates import GATES
from kpm.strategies.models import Stage
from kpm.strategies.naming_sources import SOURCES
from kpm.strategies.services.library import read_library
from kpm.strategies.vocabulary import words

CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Reasons that are written elsewhere than in a gate.
OTHER_STOPS = {
    "holdout_strategy", "holdout_universal", "lost_to_stronger", "no_capacity", "late_consent", "late_cap", "expired",
    "need_gone", "failed", "waiting", "carried_over", "later_run", "cap_client", "cap_family", "cooldown",
    "suppressed_by_outcome", "retired", "rolled_back",
}  # fmt: skip
ENUMS = words().enums
TABLES = {
    "stops": (naming.STOPS, {gate.reason for gate in GATES} | OTHER_STOPS),
    "slots": (naming.SLOTS, ENUMS["schedule"]),
    "occurrences": ({**naming.OCCURRENCES, **naming.OBJECTS}, ENUMS["occurrence"]),
    "channels": (naming.CHANNELS, ENUMS["channel"] | {"wechat", "visit"}),
    "permissions": (naming.PERMISSIONS, set(PERMISSIONS)),
    "steps": (naming.STEPS, {"match", "evidence", "lines", "publish", *(stage.name.lower() for stage in Stage)}),
    "arms": (naming.ARMS, {"treated", "held_out"}),
    "pools": (naming.POOLS, {pools.ADVISER, pools.MANAGER, pools.CALL_CENTRE, pools.PERSON.rstrip(":")}),
}


@pytest.mark.parametrize("table", TABLES)
def test_every_code_has_words(table: str) -> None:
    names, codes = TABLES[table]
    with translation.override("en"):
        english = {code: naming.say(names, code) for code in names}
    with translation.override("zh-hans"):
        chinese = {code: naming.say(names, code) for code in names}

    assert set(names) == set(codes)
    assert [code for code, said in english.items() if "_" in said or CHINESE.search(said)] == []
    assert [code for code, said in chinese.items() if not CHINESE.search(said) and said not in ("App",)] == []


def test_a_code_without_words_stands_for_itself() -> None:
    assert naming.say(naming.STOPS, "something_new") == "something_new"


def test_every_family_of_the_library_has_an_english_name_of_its_own() -> None:
    families = {entry["family"] for entry in read_library()}

    assert families <= set(words().family_names)
    assert set(words().family_names) == ENUMS["family"]
    assert len(set(words().family_names.values())) == len(ENUMS["family"])
    with translation.override("en"):
        assert naming.family("打新") == "IPO subscription"
    with translation.override("zh-hans"):
        assert naming.family("打新") == "打新"


def test_every_source_that_a_feature_waits_for_is_known_by_name() -> None:
    assert set(portrait.waiting_features().values()) == SOURCES
    with translation.override("zh-hans"):
        said = [naming.fault(f"A-1 v1: opening_revisit_done: waits for {source}") for source in sorted(SOURCES)]

    assert [line for line in said if not line.startswith("A-1 v1：“开户回访完成”等待数据来源：")] == []
    assert [line for line in said if not CHINESE.search(line.rpartition("：")[2])] == []
