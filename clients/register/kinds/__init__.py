"""The file kinds of the register: clients, accounts, consents. Importing this registers them."""

from clients.intake.registry import register
from clients.register.kinds import accounts, clients, consents

for kind in (clients.KIND, accounts.KIND, consents.KIND):
    register(kind)
