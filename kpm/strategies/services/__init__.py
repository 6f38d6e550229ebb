"""Actions on strategies and their hits."""

from kpm.strategies.services.alarms import escalate, take
from kpm.strategies.services.approvals import CannotChange, approve, reject
from kpm.strategies.services.arbitrate import NoEnd
from kpm.strategies.services.breaker import release
from kpm.strategies.services.closing import FunnelDoesNotSum, count_endings
from kpm.strategies.services.deriving import draft_like
from kpm.strategies.services.editing import (
    branches_to_copy_for,
    copy_for_branch,
    draft_version,
    note_plan,
    save_draft,
    submit_version,
)
from kpm.strategies.services.feedback import (
    offer_delivery,
    record_feedback,
    report_delivered,
    report_stopped,
    report_tasks,
)
from kpm.strategies.services.gatecolumns import write_gates
from kpm.strategies.services.harm import hold_for_harm
from kpm.strategies.services.late import stopped_now, stopped_since
from kpm.strategies.services.launching import (
    begin_pilot,
    end_rollout,
    launch_now,
    pause,
    resume,
    retire,
    roll_back,
    roll_on,
)
from kpm.strategies.services.library import LibraryFault, load_library
from kpm.strategies.services.publish import NotRunning
from kpm.strategies.services.run import AFTER_SETTLEMENT, NoFeatures, run_morning, run_slot, run_within_the_day
from kpm.strategies.services.segments import (
    BadSegment,
    NotAllowed,
    ask_for_list,
    change_segment,
    decide,
    delete_segment,
    make_list,
    may_change,
    may_decide,
    save_segment,
    take_away,
)
from kpm.strategies.services.switch import is_stopped, lift_stop, stop_service
from kpm.strategies.services.would import would_stop

__all__ = [
    "AFTER_SETTLEMENT",
    "BadSegment",
    "CannotChange",
    "FunnelDoesNotSum",
    "LibraryFault",
    "NoEnd",
    "NoFeatures",
    "NotAllowed",
    "NotRunning",
    "approve",
    "ask_for_list",
    "begin_pilot",
    "branches_to_copy_for",
    "change_segment",
    "copy_for_branch",
    "count_endings",
    "decide",
    "delete_segment",
    "draft_like",
    "draft_version",
    "end_rollout",
    "escalate",
    "hold_for_harm",
    "is_stopped",
    "launch_now",
    "lift_stop",
    "load_library",
    "make_list",
    "may_change",
    "may_decide",
    "note_plan",
    "offer_delivery",
    "pause",
    "record_feedback",
    "reject",
    "release",
    "report_delivered",
    "report_stopped",
    "report_tasks",
    "resume",
    "retire",
    "roll_back",
    "roll_on",
    "run_morning",
    "run_slot",
    "run_within_the_day",
    "save_draft",
    "save_segment",
    "stop_service",
    "stopped_now",
    "stopped_since",
    "submit_version",
    "take",
    "take_away",
    "would_stop",
    "write_gates",
]
