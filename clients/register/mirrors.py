"""What the lake may know of clients: surrogate ids and nothing that says who a person is.

`age` is computed here, in whole years on the day: the birth date identifies a person, the age does what features need.
So are the days to the birthday, how many share a number, and how many particulars are missing.
States come from the history tables as they were known at the cutoff, so an old day gives the same rows again.
"""

from clients.lake.registry import MOMENT, Keeping, Mirror, register

CLIENTS = """
SELECT id, id AS client_id, branch_id, manager_id, kind, status, opened_on,
    CASE WHEN kind = 'individual' AND birth_date <= %(day)s
         THEN extract(year FROM age(%(day)s::date, birth_date))::int END AS age,
    EXISTS (SELECT FROM org_staff s WHERE s.own_client_no = known.client_no) AS own_staff,
    EXISTS (SELECT FROM register_contacthold h WHERE h.client_id = known.id AND h.kind = 'deceased'
            AND h.created_at <= %(cutoff)s) AS deceased
FROM (SELECT DISTINCT ON (pgh_obj_id) id, client_no, branch_id, manager_id, kind, status, opened_on, birth_date
      FROM register_clienthistory WHERE pgh_created_at <= %(cutoff)s ORDER BY pgh_obj_id, pgh_id DESC) known
"""
# What features ask about a person, answered here so that nothing personal leaves the record. The birthday of
# 29 February is 28 February in other years. A manager follows another only where the history knows both. A mobile is
# shared by clients only: what a visitor typed as his own must neither touch another client nor tell him of one.
PROFILES = """
SELECT id, id AS client_id, registered_on, lead_on, manager_changed_on, id_valid_to, tax_declared, identity_missing,
    CASE WHEN mobile_index <> '' AND status <> 'lead'
        THEN count(*) FILTER (WHERE status <> 'lead') OVER (PARTITION BY mobile_index) - 1 ELSE 0 END AS mobile_shared,
    CASE WHEN birth_date <= %(day)s THEN
        CASE WHEN birthday >= %(day)s THEN birthday - %(day)s ELSE next_birthday - %(day)s END END AS days_to_birthday
FROM (SELECT DISTINCT ON (h.pgh_obj_id) h.id, h.status, h.mobile_index, h.birth_date,
          (u.created_at AT TIME ZONE 'Asia/Shanghai')::date AS registered_on,
          min((h.created_at AT TIME ZONE 'Asia/Shanghai')::date) FILTER (WHERE h.status = 'lead')
              OVER (PARTITION BY h.pgh_obj_id) AS lead_on,
          CASE WHEN min(h.manager_id) OVER (PARTITION BY h.pgh_obj_id) <> max(h.manager_id)
              OVER (PARTITION BY h.pgh_obj_id) AND h.manager_id IS NOT NULL THEN h.manager_since END
              AS manager_changed_on,
          h.id_valid_to, h.tax_residency <> '' AS tax_declared,
          CASE WHEN h.status = 'lead' THEN 0
               ELSE (h.id_type = '')::int + (h.id_no_index = '')::int + (h.address = '')::int
                   + CASE WHEN h.kind = 'individual' THEN (h.sex = '')::int + (h.nationality = '')::int
                          + (h.occupation = '')::int + (h.mobile_index = '')::int ELSE 0 END
          END AS identity_missing,
          (h.birth_date + make_interval(years => extract(year FROM %(day)s::date)::int
              - extract(year FROM h.birth_date)::int))::date AS birthday,
          (h.birth_date + make_interval(years => extract(year FROM %(day)s::date)::int + 1
              - extract(year FROM h.birth_date)::int))::date AS next_birthday
      FROM register_clienthistory h LEFT JOIN org_user u ON u.id = h.user_id AND u.created_at <= %(cutoff)s
      WHERE h.pgh_created_at <= %(cutoff)s ORDER BY h.pgh_obj_id, h.pgh_id DESC) known
"""
# What files call the occupations that the lake knows; any other text may tell who he is and stays here.
OCCUPATIONS = {
    "employee": ("employee", "企业职员", "职员", "企业员工", "公司职员", "工程师", "医务人员"),
    "self_employed": ("self_employed", "个体工商户", "个体", "自由职业", "私营业主", "个体经营"),
    "public": ("public", "公务员", "事业单位", "事业单位人员", "教师", "军人"),
    "retired": ("retired", "退休", "离退休"),
    "student": ("student", "学生"),
    "other": ("other", "其他"),
}
NAMES = ", ".join(f"('{name}', '{code}')" for code, names in OCCUPATIONS.items() for name in names)
DECLARED = f"""
SELECT id, id AS client_id, o.code AS occupation, brokers_elsewhere, assets_elsewhere
FROM (SELECT DISTINCT ON (pgh_obj_id) id, occupation, brokers_elsewhere, assets_elsewhere
      FROM register_clienthistory WHERE pgh_created_at <= %(cutoff)s ORDER BY pgh_obj_id, pgh_id DESC) known
LEFT JOIN (VALUES {NAMES}) AS o (name, code) ON o.name = known.occupation
"""
# `star_on` and `depository_changed_on` are the days on which the history saw the STAR permission come, or the bank
# begin to change: what an account already had when it was first seen has no day.
ACCOUNTS = """
SELECT DISTINCT ON (pgh_obj_id) id, %(day)s::date AS day, client_id, kind, market, main, designated, status, opened_on,
    closed_on, branch_id, first_trade_on, array_to_string(permissions, ';') AS permissions, depository, commission,
    max(star_on) OVER (PARTITION BY pgh_obj_id) AS star_on,
    max(depository_changed_on) OVER (PARTITION BY pgh_obj_id) AS depository_changed_on
FROM (SELECT *, CASE WHEN 'STAR' = ANY(permissions) AND NOT 'STAR' = ANY(lag(permissions) OVER seen)
          THEN (changed_at AT TIME ZONE 'Asia/Shanghai')::date END AS star_on,
          CASE WHEN depository = 'changing' AND lag(depository) OVER seen <> 'changing'
          OR depository = 'none' AND lag(depository) OVER seen = 'active'
          THEN (changed_at AT TIME ZONE 'Asia/Shanghai')::date END AS depository_changed_on
      FROM register_accounthistory WHERE pgh_created_at <= %(cutoff)s
      WINDOW seen AS (PARTITION BY pgh_obj_id ORDER BY pgh_id)) known
ORDER BY pgh_obj_id, pgh_id DESC
"""
# One row a client: the newest valid assessment, else the newest. `newest_…` is the newest of all, `before` the level
# of the one before that, `in_30_days` how many there were in the 30 days up to the day.
ASSESSMENTS = """
SELECT DISTINCT ON (client_id) id, client_id, level, lowest, assessed_on, valid_to, newest_id, newest_on,
    newest_level, before, in_30_days
FROM (SELECT *, first_value(id) OVER newest_first AS newest_id, first_value(assessed_on) OVER newest_first AS newest_on,
          first_value(level) OVER newest_first AS newest_level, nth_value(level, 2) OVER newest_first AS before,
          count(*) FILTER (WHERE assessed_on > %(day)s::date - 30) OVER newest_first AS in_30_days
      FROM register_riskassessment WHERE assessed_on <= %(day)s AND arrived_at <= %(cutoff)s
      WINDOW newest_first AS (PARTITION BY client_id ORDER BY assessed_on DESC, id DESC
          ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)) known
ORDER BY client_id, (valid_to >= %(day)s) DESC, assessed_on DESC, id DESC
"""
# One row a client and purpose: the newest that was given or withdrawn up to the day, and what held before it.
CONSENTS = """
SELECT DISTINCT ON (client_id, purpose) id, client_id, purpose, version, given, at, channel, arrived_at,
    lag(given) OVER (PARTITION BY client_id, purpose ORDER BY at, id) AS given_before
FROM register_consent
WHERE at <= %(cutoff)s AND arrived_at <= %(cutoff)s AND (at AT TIME ZONE 'Asia/Shanghai')::date <= %(day)s
ORDER BY client_id, purpose, at DESC, id DESC
"""
PERMISSION_RULES = """
SELECT DISTINCT ON (code) id, code, min_level FROM register_permissionrule
WHERE (proposed_by_id IS NULL OR confirmed_at <= %(cutoff)s)
    AND effective_from <= %(day)s AND (effective_to IS NULL OR effective_to >= %(day)s)
ORDER BY code, effective_from DESC
"""
TOUCH_DAY = "(started_at AT TIME ZONE 'Asia/Shanghai')::date"
TOUCHES = f"""
SELECT id, {TOUCH_DAY} AS day, client_id, staff_id, channel, outbound, purpose, started_at, reached, arrived_at
FROM register_touch WHERE {TOUCH_DAY} = ANY(%(days)s)
"""

register(
    Mirror(
        table="clients",
        keeping=Keeping.SNAPSHOT,
        sql=CLIENTS,
        columns={
            "id": "BIGINT",
            "client_id": "BIGINT",
            "branch_id": "BIGINT",
            "manager_id": "BIGINT",
            "kind": "VARCHAR",
            "status": "VARCHAR",
            "opened_on": "DATE",
            "age": "INTEGER",
            "own_staff": "BOOLEAN",
            "deceased": "BOOLEAN",
        },
    )
)
register(
    Mirror(
        table="accounts",
        keeping=Keeping.SNAPSHOT,
        sql=ACCOUNTS,
        columns={
            "id": "BIGINT",
            "day": "DATE",
            "client_id": "BIGINT",
            "kind": "VARCHAR",
            "market": "VARCHAR",
            "main": "BOOLEAN",
            "designated": "BOOLEAN",
            "status": "VARCHAR",
            "opened_on": "DATE",
            "closed_on": "DATE",
            "branch_id": "BIGINT",
            "first_trade_on": "DATE",
            "permissions": "VARCHAR",
            "depository": "VARCHAR",
            "commission": "DECIMAL(9,6)",
            "star_on": "DATE",
            "depository_changed_on": "DATE",
        },
    )
)
register(
    Mirror(
        table="assessments",
        keeping=Keeping.SNAPSHOT,
        sql=ASSESSMENTS,
        columns={
            "id": "BIGINT",
            "client_id": "BIGINT",
            "level": "INTEGER",
            "lowest": "BOOLEAN",
            "assessed_on": "DATE",
            "valid_to": "DATE",
            "newest_id": "BIGINT",
            "newest_on": "DATE",
            "newest_level": "INTEGER",
            "before": "INTEGER",
            "in_30_days": "INTEGER",
        },
    )
)
register(
    Mirror(
        table="consents",
        keeping=Keeping.SNAPSHOT,
        sql=CONSENTS,
        columns={
            "id": "BIGINT",
            "client_id": "BIGINT",
            "purpose": "VARCHAR",
            "version": "VARCHAR",
            "given": "BOOLEAN",
            "at": MOMENT,
            "channel": "VARCHAR",
            "arrived_at": MOMENT,
            "given_before": "BOOLEAN",
        },
    )
)
register(
    Mirror(
        table="profiles",
        keeping=Keeping.SNAPSHOT,
        sql=PROFILES,
        columns={
            "id": "BIGINT",
            "client_id": "BIGINT",
            "registered_on": "DATE",
            "lead_on": "DATE",
            "manager_changed_on": "DATE",
            "id_valid_to": "DATE",
            "tax_declared": "BOOLEAN",
            "identity_missing": "INTEGER",
            "mobile_shared": "INTEGER",
            "days_to_birthday": "INTEGER",
        },
    )
)
register(
    Mirror(
        table="declared",
        keeping=Keeping.SNAPSHOT,
        sql=DECLARED,
        columns={
            "id": "BIGINT",
            "client_id": "BIGINT",
            "occupation": "VARCHAR",
            "brokers_elsewhere": "INTEGER",
            "assets_elsewhere": "DECIMAL(20,2)",
        },
    )
)
register(
    Mirror(
        table="permission_rules",
        keeping=Keeping.SNAPSHOT,
        sql=PERMISSION_RULES,
        columns={"id": "BIGINT", "code": "VARCHAR", "min_level": "INTEGER"},
    )
)
register(
    Mirror(
        table="touches",
        keeping=Keeping.FACTS,
        source="register_touch",
        day_sql=TOUCH_DAY,
        sql=TOUCHES,
        columns={
            "id": "BIGINT",
            "day": "DATE",
            "client_id": "BIGINT",
            "staff_id": "BIGINT",
            "channel": "VARCHAR",
            "outbound": "BOOLEAN",
            "purpose": "VARCHAR",
            "started_at": MOMENT,
            "reached": "BOOLEAN",
            "arrived_at": MOMENT,
        },
    )
)
