"""The edges of the task's state machine (DESK 4), shared by the service and by the trigger."""

EDGES: frozenset[tuple[str, str]] = frozenset(
    {
        ("held", "open"),
        ("open", "working"),
        ("working", "open"),
        ("working", "done"),
        ("open", "done"),
        ("working", "review"),
        ("review", "done"),
        ("review", "open"),
        ("working", "snoozed"),
        ("open", "snoozed"),
        ("snoozed", "open"),
        ("open", "skipped"),
        ("working", "skipped"),
        ("open", "expired"),
        ("snoozed", "expired"),
        ("held", "expired"),
        ("open", "cancelled"),
        ("held", "cancelled"),
        ("snoozed", "cancelled"),
        ("done", "open"),
        ("skipped", "open"),
        ("done", "working"),
    }
)


def guard() -> str:
    """Return the body of the trigger that refuses every other change of state."""
    allowed = ", ".join(f"('{start}','{end}')" for start, end in sorted(EDGES))
    return f"""
        IF OLD.state = NEW.state THEN RETURN NEW; END IF;
        IF coalesce(current_setting('wangting.transition', true), '') <> 'on' THEN
            RAISE EXCEPTION 'the state of a task is changed by its transitions only';
        END IF;
        IF (OLD.state, NEW.state) NOT IN ({allowed}) THEN
            RAISE EXCEPTION 'a task does not go from % to %', OLD.state, NEW.state;
        END IF;
        RETURN NEW;
    """
