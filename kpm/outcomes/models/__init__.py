"""What came of hits, what versions were worth, and the cases that strategies are made of."""

from kpm.outcomes.models.cases import CaseClient, CaseSearch, SuccessCase
from kpm.outcomes.models.effects import EffectLook, EffectPlan, EffectSnapshot, Outcome

__all__ = [
    "CaseClient",
    "CaseSearch",
    "EffectLook",
    "EffectPlan",
    "EffectSnapshot",
    "Outcome",
    "SuccessCase",
]
