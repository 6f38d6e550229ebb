"""Service tasks for people: playbooks, claim and lease, results line by line."""
