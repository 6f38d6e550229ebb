"""The commands that see the whole house: up, day, bench."""
