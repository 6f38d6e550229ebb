"""What the client told us, as tables."""

from clients.register.models.access import ClientGrant
from clients.register.models.accounts import Account
from clients.register.models.clients import Client
from clients.register.models.contact import ContactHold, ContactPreference, Touch
from clients.register.models.declared import Consent, RiskAssessment, WatchlistItem
from clients.register.models.proposed import ProposedRule
from clients.register.models.registration import OWN_NUMBER, OWN_PREFIX, Registration
from clients.register.models.rules import PermissionRule, RevealRule, SuitabilityRule

__all__ = [
    "OWN_NUMBER",
    "OWN_PREFIX",
    "Account",
    "Client",
    "ClientGrant",
    "Consent",
    "ContactHold",
    "ContactPreference",
    "PermissionRule",
    "ProposedRule",
    "Registration",
    "RevealRule",
    "RiskAssessment",
    "SuitabilityRule",
    "Touch",
    "WatchlistItem",
]
