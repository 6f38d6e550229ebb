"""The gates of the funnel as data: which step, which reason, and the rows that stop there (STRATEGY 4 and 5).

Each condition is SQL over the working table `m` of a run (one row per matched strategy and client, joined with its
version's columns), evaluated for the rows that passed the step before. Gates are computed from purpose, action and
product; no author can edit, remove or weaken one.
"""

from dataclasses import dataclass

from kpm.strategies.contact import HUMAN, MAY_BE_STOPPED, one_of
from kpm.strategies.models import Stage

STOPPABLE = one_of("m.purpose", MAY_BE_STOPPED)
NEWEST_CONSENT = """
(SELECT c.given FROM register_consent c WHERE c.client_id = m.client_id AND c.purpose = '{purpose}'
 ORDER BY c.at DESC, c.id DESC LIMIT 1)"""
# The newest assessment counts, and only while it is valid: an older one never comes back to life.
VALID_ASSESSMENT = """
(SELECT CASE WHEN a.valid_to >= %(day)s THEN a.{column} END FROM register_riskassessment a
 WHERE a.client_id = m.client_id AND a.assessed_on <= %(day)s ORDER BY a.assessed_on DESC, a.id DESC LIMIT 1)"""

IN_FORCE = """r.confirmed_at IS NOT NULL AND r.effective_from <= %(day)s
            AND (r.effective_to IS NULL OR r.effective_to >= %(day)s)"""
# The one switch (models/stops.py). A hit is about a product or a security by its object, or by a value in its evidence.
SWITCHED_OFF = """m.purpose IN ('marketing', 'service') AND EXISTS (SELECT FROM strategies_servicestop x
    WHERE x.from_at <= %(now)s AND (x.until IS NULL OR x.until > %(now)s)
    AND NOT EXISTS (SELECT FROM strategies_stoplift l WHERE l.stop_id = x.id)
    AND (m.purpose = 'marketing' OR x.purposes = 'both') AND CASE x.scope
        WHEN 'company' THEN TRUE
        WHEN 'branch' THEN EXISTS (SELECT FROM register_client c JOIN org_branch b ON b.id = c.branch_id
            JOIN org_branch top ON top.id = x.branch_id WHERE c.id = m.client_id AND starts_with(b.path, top.path))
        ELSE split_part(m.object_key, '/', 1) = x.code OR EXISTS (
            SELECT FROM jsonb_each_text(m.evidence) said WHERE said.value = x.code OR said.value IN (
                SELECT s.name FROM market_security s WHERE x.scope = 'security'
                AND s.code || '.' || s.exchange_id = x.code)) END)"""


@dataclass(frozen=True)
class Gate:
    """Rows for which `stops` is TRUE do not reach `stage`; `reason` is what the funnel and the hit say."""

    stage: Stage
    reason: str
    stops: str


GATES = [
    Gate(Stage.ELIGIBLE, "stopped_by_switch", SWITCHED_OFF),
    Gate(
        Stage.ELIGIBLE,
        "account_status",
        f"""EXISTS (SELECT FROM register_client c WHERE c.id = m.client_id AND (c.status = 'closed'
            OR ({STOPPABLE} AND (c.birth_date > %(day)s - interval '18 years'
                OR EXISTS (SELECT FROM org_staff s WHERE s.own_client_no = c.client_no)))))
        OR EXISTS (SELECT FROM register_contacthold h WHERE h.client_id = m.client_id AND h.kind = 'deceased')
        OR ({STOPPABLE} AND EXISTS (SELECT FROM register_account a WHERE a.client_id = m.client_id
            AND a.kind = 'fund' AND a.main AND a.status IN ('frozen', 'closed')))""",
    ),
    Gate(
        Stage.CONSENTED,
        "no_consent",
        f"""(m.purpose = 'marketing' AND {NEWEST_CONSENT.format(purpose="marketing")} IS NOT TRUE)
        OR (m.purpose = 'service' AND {NEWEST_CONSENT.format(purpose="service_push")} IS FALSE)
        OR ({STOPPABLE} AND EXISTS (SELECT FROM register_contacthold h WHERE h.client_id = m.client_id
            AND h.kind IN ('complaint', 'legal', 'dnc') AND (h.until IS NULL OR h.until > %(now)s)))""",
    ),
    Gate(
        Stage.CONSENTED,
        "no_consent",
        f"{STOPPABLE} AND {NEWEST_CONSENT.format(purpose='automated_decision')} IS FALSE",
    ),
    Gate(
        Stage.CONSENTED,
        "no_consent",
        f"""{STOPPABLE} AND m.contact_kind <> '' AND NOT EXISTS (
            SELECT FROM jsonb_array_elements_text(CASE WHEN m.contact_kind = '{HUMAN}' OR m.channels = '[]'
                THEN '["phone"]' ELSE m.channels END) AS asked(name)
            WHERE NOT EXISTS (SELECT FROM register_contactpreference p
                WHERE p.client_id = m.client_id AND p.channel = asked.name AND NOT p.allowed))""",
    ),
    Gate(
        Stage.SUITABLE,
        "assessment_expired",
        f"m.suitability_gate AND {VALID_ASSESSMENT.format(column='level')} IS NULL",
    ),
    Gate(
        Stage.SUITABLE,
        "unsuitable",
        # Of several rules for one cell the one that began last counts.
        f"""m.suitability_gate AND m.permission_code = ''
            AND 'match' IS DISTINCT FROM (SELECT r.outcome FROM register_suitabilityrule r WHERE {IN_FORCE}
            AND r.product_level = coalesce(m.product_level, (m.evidence ->> m.product_level_from)::numeric, 5)
            AND r.client_class = CASE WHEN {VALID_ASSESSMENT.format(column="lowest")} THEN 'lowest'
                ELSE 'C' || {VALID_ASSESSMENT.format(column="level")} END
            ORDER BY r.effective_from DESC, r.id LIMIT 1)""",
    ),
    # A permission asks for a level of its own, looked up on the day (DOMAIN 4.1); the lowest class gets none.
    Gate(
        Stage.SUITABLE,
        "unsuitable",
        f"""m.suitability_gate AND m.permission_code <> '' AND ({VALID_ASSESSMENT.format(column="lowest")}
            OR {VALID_ASSESSMENT.format(column="level")} < coalesce((SELECT r.min_level FROM register_permissionrule r
                WHERE r.code = m.permission_code AND {IN_FORCE} ORDER BY r.effective_from DESC, r.id LIMIT 1), 9))""",
    ),
    Gate(
        Stage.SUITABLE,
        "no_licence",
        """m.handler = 'adviser' AND NOT EXISTS (SELECT FROM org_licence l JOIN org_staff s ON s.id = l.staff_id
            WHERE l.kind = 'adviser' AND s.left_on IS NULL AND l.valid_from <= %(day)s
            AND (l.valid_to IS NULL OR l.valid_to >= %(day)s))""",
    ),
    Gate(
        Stage.COOLED_DOWN,
        "cooldown",
        """EXISTS (SELECT FROM strategies_hit h WHERE h.strategy_id = m.strategy_id AND h.client_id = m.client_id
            AND (h.object_key = m.object_key OR m.of_period) AND h.used_on > m.cooldown_since
            AND h.occurrence <> m.occurrence)""",
    ),
    Gate(
        Stage.COOLED_DOWN,
        "suppressed_by_outcome",
        f"""{STOPPABLE} AND EXISTS (SELECT FROM silenced q WHERE q.client_id = m.client_id AND q.what =
            CASE q.scope WHEN 'strategy' THEN m.strategy_id::text WHEN 'family' THEN m.family ELSE '' END)""",
    ),
    Gate(
        Stage.UNDER_CAP,
        "cap_client",
        """EXISTS (SELECT FROM room r WHERE r.client_id = m.client_id AND r.purpose = m.purpose
            AND r.kind = m.contact_kind AND r.own IS NOT DISTINCT FROM m.own AND r.room <= 0)""",
    ),
    Gate(
        Stage.UNDER_CAP,
        "cap_family",
        # The call after a message was delivered to the family with it, once: what came since does not take it back.
        f"""{STOPPABLE} AND m.own IS NULL AND EXISTS (SELECT FROM family_caps c WHERE c.purpose = m.purpose
            AND c.family IN ('', m.family) AND c.most <= (
                SELECT count(*) FROM strategies_hit h JOIN strategies_strategy s ON s.id = h.strategy_id
                WHERE h.client_id = m.client_id AND s.family = m.family AND h.delivered_at >= c.since))""",
    ),
    Gate(
        Stage.NOT_HELD_OUT,
        "holdout_universal",
        f"""{STOPPABLE} AND EXISTS (SELECT FROM strategies_universalholdout u
            JOIN strategies_universaldraw d ON d.id = u.draw_id AND %(day)s BETWEEN d.from_day AND d.to_day
            WHERE u.client_id = m.client_id AND u.held)""",
    ),
    Gate(Stage.NOT_HELD_OUT, "holdout_strategy", f"{STOPPABLE} AND m.arm = 'held_out'"),
    # What the breaker holds back for a person (services/breaker.py).
    *(
        Gate(
            Stage.WON_ARBITRATION,
            reason,
            f"EXISTS (SELECT FROM held x WHERE x.version_id = m.version_id AND x.reason = '{reason}')",
        )
        for reason in ("held_breaker", "held_signature", "held_effect")
    ),
    Gate(Stage.WON_ARBITRATION, "lost_to_stronger", "m.verdict = 'lost'"),
    Gate(Stage.WITHIN_CAPACITY, "no_capacity", "m.verdict = 'refused'"),
]
