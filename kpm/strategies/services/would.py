"""Which gate would stop a client first if a version meant him now. Nothing is written and no arm is drawn.

The gates from the account to the caps are asked in the order of the funnel, with the same SQL as a run and a delivery.
Hold-outs are not among them: they are no reason of his, and who is compared is told to few.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from clients.market.calendar import calendar
from clients.shared import clock
from kpm.strategies.contact import kind_sql
from kpm.strategies.models import StrategyVersion
from kpm.strategies.services import limits
from kpm.strategies.services.judge import periods, step
from kpm.strategies.services.late import AT_DELIVERY

WORKING_TABLE = f"""
CREATE TEMP TABLE m ON COMMIT DROP AS
SELECT v.strategy_id, c.id AS client_id, coalesce(nullif(%(key)s, ''), p.default_object) AS object_key,
       ''::text AS occurrence, %(evidence)s::jsonb AS evidence, s.family, p.cooldown_since,
       v.purpose, v.handler, v.channels, v.suitability_gate, v.product_level, v.product_level_from, v.permission_code,
       {kind_sql("v.action")} AS contact_kind, %(key)s = '' AND p.default_object <> '' AS of_period,
       gen_random_uuid() AS uid, NULL::uuid AS own, false AS delivered, %(before)s::int AS stage, ''::text AS stopped_by
FROM strategies_strategyversion v JOIN strategies_strategy s ON s.id = v.strategy_id
JOIN periods p ON p.version_id = v.id, register_client c
WHERE v.id = %(version)s AND c.id = %(client)s
"""


@transaction.atomic
def would_stop(
    *, version: StrategyVersion, client_id: int, values: Mapping[str, Any], now: datetime, object_key: str = ""
) -> str:
    """Return the reason of the first gate that would stop a client at `now`; empty when none would.

    `values` are those of his features that the gates read as evidence (the level of a product).
    """
    day = clock.shanghai_day(now)
    args: dict[str, Any] = {
        "day": day, "now": now, "version": version.pk, "client": client_id, "key": object_key,
        "evidence": json.dumps(values, default=str), "before": AT_DELIVERY[0] - 1,
    }  # fmt: skip
    with connection.cursor() as cursor:
        limits.prepare(cursor, now, calendar())
        periods(cursor, [version], day, calendar())
        cursor.execute("DROP TABLE IF EXISTS m")
        cursor.execute(WORKING_TABLE, args)
        for stage in AT_DELIVERY:
            step(cursor, stage, {**args, "before": stage - 1})
        cursor.execute("SELECT stopped_by FROM m")
        row = cursor.fetchone()
    return row[0] if row else ""
