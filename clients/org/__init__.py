"""Branches, staff, roles, licences and logins, and the one definition of who may see which row."""
