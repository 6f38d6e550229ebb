"""PostgreSQL and Valkey from their wheels, and the supervisor behind `manage.py up`."""
