"""What the client told us, as tables."""

from clients.register.models.access import ClientGrant
from clients.register.models.accounts import Account
from clients.register.models.clients import Client
from clients.register.models.contact import ContactHold, ContactPreference, Touch
from clients.register.models.declared import Consent, RiskAssessment, WatchlistItem
from clients.register.models.proposed import ProposedRule
from clients.register.models.rules import PermissionRule, SuitabilityRule

__all__ = [
    "Account",
    "Client",
    "ClientGrant",
    "Consent",
    "ContactHold",
    "ContactPreference",
    "PermissionRule",
    "ProposedRule",
    "RiskAssessment",
    "SuitabilityRule",
    "Touch",
    "WatchlistItem",
]
