"""Names under which work waits and is counted: the pool of a branch's people, that of the call centre, a person.

One reading for Python and for SQL, so that a budget, a hit and a task mean the same pool.
"""

CALL_CENTRE, ADVISER, MANAGER = "call_centre", "adviser", "client_manager"
PERSON = "staff:"


def of_team(handler: str, branch_code: str) -> str:
    """Return the pool of those who do this kind of work in a branch; the call centre is one for the house.

    Work that names nobody (a task after a message of the house) is the client managers'.
    """
    if handler == CALL_CENTRE:
        return CALL_CENTRE
    return f"{ADVISER if handler == ADVISER else MANAGER}:{branch_code}"


def of_person(staff_id: int) -> str:
    """Return the name under which one person's own capacity is kept."""
    return f"{PERSON}{staff_id}"


def team_sql(handler: str, branch_code: str) -> str:
    """Write `of_team` over two SQL expressions."""
    team = f"CASE WHEN {handler} = '{ADVISER}' THEN '{ADVISER}' ELSE '{MANAGER}' END"
    return f"CASE WHEN {handler} = '{CALL_CENTRE}' THEN '{CALL_CENTRE}' ELSE {team} || ':' || {branch_code} END"


def person_sql(staff_id: str) -> str:
    """Write `of_person` over an SQL expression."""
    return f"'{PERSON}' || {staff_id}"
