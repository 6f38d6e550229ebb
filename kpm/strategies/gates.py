"""The gates of the funnel as data: which step, which reason, and the rows that stop there (STRATEGY 4 and 5).

Each condition is SQL over the working table `m` of a run (one row per matched strategy and client, joined with its
version's columns), evaluated for the rows that passed the step before. Gates are computed from purpose, action and
product; no author can edit, remove or weaken one.
"""

from dataclasses import dataclass

from kpm.strategies.models import Stage

MAY_BE_STOPPED = "m.purpose IN ('service', 'marketing')"
NEWEST_CONSENT = """
(SELECT c.given FROM register_consent c WHERE c.client_id = m.client_id AND c.purpose = '{purpose}'
 ORDER BY c.at DESC, c.id DESC LIMIT 1)"""
# The newest assessment counts, and only while it is valid: an older one never comes back to life.
VALID_ASSESSMENT = """
(SELECT CASE WHEN a.valid_to >= %(day)s THEN a.{column} END FROM register_riskassessment a
 WHERE a.client_id = m.client_id AND a.assessed_on <= %(day)s ORDER BY a.assessed_on DESC, a.id DESC LIMIT 1)"""


@dataclass(frozen=True)
class Gate:
    """Rows for which `stops` is TRUE do not reach `stage`; `reason` is what the funnel and the hit say."""

    stage: Stage
    reason: str
    stops: str


GATES = [
    Gate(
        Stage.ELIGIBLE,
        "account_status",
        f"""EXISTS (SELECT FROM register_client c WHERE c.id = m.client_id AND (c.status = 'closed'
            OR ({MAY_BE_STOPPED} AND (c.birth_date > %(day)s - interval '18 years'
                OR EXISTS (SELECT FROM org_staff s WHERE s.own_client_no = c.client_no)))))
        OR EXISTS (SELECT FROM register_contacthold h WHERE h.client_id = m.client_id AND h.kind = 'deceased')
        OR ({MAY_BE_STOPPED} AND EXISTS (SELECT FROM register_account a WHERE a.client_id = m.client_id
            AND a.kind = 'fund' AND a.main AND a.status IN ('frozen', 'closed')))""",
    ),
    Gate(
        Stage.CONSENTED,
        "no_consent",
        f"""(m.purpose = 'marketing' AND {NEWEST_CONSENT.format(purpose="marketing")} IS NOT TRUE)
        OR (m.purpose = 'service' AND {NEWEST_CONSENT.format(purpose="service_push")} IS FALSE)
        OR ({MAY_BE_STOPPED} AND EXISTS (SELECT FROM register_contacthold h WHERE h.client_id = m.client_id
            AND h.kind IN ('complaint', 'legal', 'dnc') AND (h.until IS NULL OR h.until > %(now)s)))""",
    ),
    Gate(
        Stage.SUITABLE,
        "assessment_expired",
        f"m.suitability_gate AND {VALID_ASSESSMENT.format(column='level')} IS NULL",
    ),
    Gate(
        Stage.SUITABLE,
        "unsuitable",
        # Only confirmed rules count, and of several for one cell the one that began last.
        f"""m.suitability_gate AND 'match' IS DISTINCT FROM (SELECT r.outcome FROM register_suitabilityrule r
            WHERE r.confirmed_at IS NOT NULL AND r.effective_from <= %(day)s
            AND (r.effective_to IS NULL OR r.effective_to >= %(day)s)
            AND r.product_level = coalesce((m.evidence ->> m.product_level_from)::numeric, 5)
            AND r.client_class = CASE WHEN {VALID_ASSESSMENT.format(column="lowest")} THEN 'lowest'
                ELSE 'C' || {VALID_ASSESSMENT.format(column="level")} END
            ORDER BY r.effective_from DESC LIMIT 1)""",
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
            AND h.object_key = m.object_key AND h.used_on > m.cooldown_since AND h.occurrence <> m.occurrence)""",
    ),
    Gate(
        Stage.UNDER_CAP,
        "cap_client",
        f"""{MAY_BE_STOPPED} AND EXISTS (SELECT FROM caps WHERE caps.purpose = m.purpose AND caps.kind = m.contact_kind
            AND caps.most <= (SELECT count(*) FROM register_touch t WHERE t.client_id = m.client_id AND t.outbound
                AND t.purpose = ANY(caps.counts) AND t.channel = ANY(caps.channels) AND t.started_at >= caps.since))""",
    ),
    Gate(Stage.NOT_HELD_OUT, "holdout_strategy", f"{MAY_BE_STOPPED} AND m.arm = 'held_out'"),
    Gate(
        Stage.WON_ARBITRATION,
        "lost_to_stronger",
        f"{MAY_BE_STOPPED} AND m.family_rank > 1",
    ),
    Gate(
        Stage.WITHIN_CAPACITY,
        "no_capacity",
        f"{MAY_BE_STOPPED} AND m.pool_rank > m.capacity",
    ),
]
