"""What the pointers of a strategy may lead to, kept by the database against every way of writing them."""

import pgtrigger

# A draft passes through no constraint of what is submitted, so no pointer may lead to one, nor to another's version.
SUBMITTED_ONLY = """
IF EXISTS (
    SELECT FROM unnest(ARRAY[NEW.live_version_id, NEW.pilot_version_id]) AS named(id)
    WHERE named.id IS NOT NULL AND NOT EXISTS (
        SELECT FROM strategies_strategyversion v
        WHERE v.id = named.id AND v.strategy_id = NEW.id AND v.submitted_at IS NOT NULL))
THEN RAISE EXCEPTION 'A strategy runs submitted versions of its own only (strategy %).', NEW.code; END IF;
RETURN NEW;
"""


def runs_what_is_submitted() -> pgtrigger.Trigger:
    """Refuse a pointer to a draft or to a version of another strategy."""
    return pgtrigger.Trigger(
        name="runs_what_is_submitted",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("live_version_id", "pilot_version_id"),
        func=SUBMITTED_ONLY,
    )
