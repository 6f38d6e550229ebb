"""Actions on strategies and their hits."""

from kpm.strategies.services.feedback import offer_delivery, record_feedback, report_delivered, report_stopped
from kpm.strategies.services.library import LibraryFault, load_library
from kpm.strategies.services.run import AFTER_SETTLEMENT, NoFeatures, run_slot

__all__ = [
    "AFTER_SETTLEMENT",
    "LibraryFault",
    "NoFeatures",
    "load_library",
    "offer_delivery",
    "record_feedback",
    "report_delivered",
    "report_stopped",
    "run_slot",
]
