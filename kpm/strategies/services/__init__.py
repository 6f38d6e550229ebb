"""Actions on strategies and their hits."""

from kpm.strategies.services.approvals import CannotChange
from kpm.strategies.services.arbitrate import NoEnd
from kpm.strategies.services.closing import FunnelDoesNotSum, count_endings
from kpm.strategies.services.editing import (
    draft_version,
    launch_version,
    pause,
    resume,
    save_draft,
    submit_version,
)
from kpm.strategies.services.feedback import (
    offer_delivery,
    record_feedback,
    report_delivered,
    report_stopped,
    report_task,
)
from kpm.strategies.services.late import stopped_now, stopped_since
from kpm.strategies.services.library import LibraryFault, load_library
from kpm.strategies.services.publish import NotRunning
from kpm.strategies.services.run import AFTER_SETTLEMENT, NoFeatures, run_slot, run_within_the_day

__all__ = [
    "AFTER_SETTLEMENT",
    "CannotChange",
    "FunnelDoesNotSum",
    "LibraryFault",
    "NoEnd",
    "NoFeatures",
    "NotRunning",
    "count_endings",
    "draft_version",
    "launch_version",
    "load_library",
    "offer_delivery",
    "pause",
    "record_feedback",
    "report_delivered",
    "report_stopped",
    "report_task",
    "resume",
    "run_slot",
    "run_within_the_day",
    "save_draft",
    "stopped_now",
    "stopped_since",
    "submit_version",
]
