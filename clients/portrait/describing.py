"""One wide row per client for the close of a day, also when the file of a group fails.

What the failing group says is not known, so its features are unknown for everybody. Only when the day was computed
before up to the same moment, with the same catalogue and the same sources, nothing can have changed: then the values of
that group stay as they were published, and the rows say so. With a later cutoff other rows may have arrived, and what
the group would make of them nobody knows.
"""

import logging
from collections.abc import Mapping
from typing import Any

from clients.lake import manifest as manifests
from clients.lake import mirroring
from clients.lake.manifest import Manifest
from clients.lake.publishing import writing
from clients.lake.reading import open_lake
from clients.portrait import building, catalogue
from clients.portrait.building import TABLE, GroupFailed
from clients.portrait.sources import AsOf

log = logging.getLogger(__name__)


def describe(at: AsOf) -> str:
    """This will publish the day with all groups that can be computed, each for all buckets or for none; the version."""
    failed: dict[str, str] = {}
    while True:
        try:
            return _without(at, failed)
        except GroupFailed as fault:
            log.error("features of %s go on without %s", at.day, fault)
            failed[fault.group] = str(fault)


def _without(at: AsOf, failed: Mapping[str, str]) -> str:
    clients, before = manifests.read("clients", at.day), manifests.whole(TABLE, at.day)
    with open_lake() as con, writing(TABLE, at.day) as draft:
        building.prepare(con, at)
        stale = building.stale(con, at)
        made_of = {**mirroring.cutoff_note(at.cutoff), "stale": stale, "catalogue": catalogue.fingerprint()}
        kept = _kept(before, made_of, failed)
        blind = {group: fault for group, fault in failed.items() if group not in kept}
        draft.notes = {**made_of, "failed": blind, "kept": kept}
        for part in clients.parts if clients else ():
            draft.write(con, part, building.build_bucket(con, at, part, stale, without=blind, kept=kept))
    published = manifests.read(TABLE, at.day)
    return published.version if published else ""


def _kept(before: Manifest | None, made_of: Mapping[str, Any], failed: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The failed groups that were sound when the same was computed before: the version they come from, the fault."""
    if before is None or any(before.notes.get(name) != value for name, value in made_of.items()):
        return {}
    sound = failed.keys() - before.notes.get("failed", {}).keys()
    earlier = before.notes.get("kept", {})
    return {
        group: {"version": earlier.get(group, {}).get("version", before.version), "fault": failed[group]}
        for group in sorted(sound)
    }
