"""When beat puts which job in line. Loaded into the admin's schedules at start; what is edited there wins.

Times are Asia/Shanghai. Each entry: name, job, argument, and an interval in seconds or a crontab.
"""

from celery.schedules import crontab, schedule

BEFORE_FEATURES = crontab(hour=19, minute=20)
BEFORE_SETTLED = crontab(hour=19, minute=0, day_of_week="1-5")
WHEN_DELIVERED = crontab(hour=21, minute=30, day_of_week="1-5")
WHEN_MEASURED = crontab(hour=22, minute=30, day_of_week="1-5")
BEFORE_OPENING, IN_THE_MORNING = crontab(hour=8, minute=30), crontab(hour=9, minute=0)
AT_NIGHT = crontab(hour=23, minute=0)
SETTLED = crontab(hour=19, minute=30, day_of_week="1-5")
BEAT_SCHEDULE = {
    "sweep jobs": {"task": "shared.sweep", "schedule": schedule(60.0)},
    "events into the lake": {"task": "collect.compact", "schedule": schedule(30.0)},
    "visits of today": {"task": "collect.sessions", "schedule": schedule(1800.0)},
    "visitors' histories": {"task": "collect.settle", "schedule": BEFORE_FEATURES},
    "put back lapsed tasks": {"task": "taskqueue.sweep_lapsed", "schedule": schedule(60.0)},
    "close tasks whose time has passed": {"task": "taskqueue.expire", "schedule": schedule(300.0)},
    "link news to securities": {"task": "news.match", "schedule": schedule(300.0)},
    "strategies on events": {"task": "strategies.run_event", "schedule": schedule(30.0)},
    "strategies before the opening": {
        "task": "strategies.run_morning",
        "schedule": BEFORE_OPENING,
        "args": ("pre_open_0830",),
    },
    "strategies of every day": {"task": "strategies.run_morning", "schedule": IN_THE_MORNING, "args": ("daily_0900",)},
    "strategies in session": {"task": "strategies.run_in_session", "schedule": schedule(300.0)},
    "held strategies that nobody looks into": {"task": "strategies.escalate_holds", "schedule": schedule(60.0)},
    "deliver hits": {"task": "dispatch.deliver", "schedule": schedule(30.0)},
    "tasks after messages": {"task": "dispatch.follow_up", "schedule": schedule(300.0)},
    "what people can take": {"task": "dispatch.write_budgets", "schedule": BEFORE_SETTLED},
    "what came of hits": {"task": "outcomes.take_stock", "schedule": WHEN_DELIVERED},
    "steps of rollouts": {"task": "outcomes.judge_rollouts", "schedule": WHEN_MEASURED},
    "commission by month": {"task": "ledger.sum_commission", "schedule": WHEN_DELIVERED},
    "drop copies of clients' data": {"task": "home.drop_copies", "schedule": schedule(3600.0)},
    "drop daily state": {"task": "ledger.prune", "schedule": AT_NIGHT},
    "strategies after settlement": {
        "task": "strategies.run_slot",
        "schedule": SETTLED,
        "args": ("after_settlement",),
    },
}
