"""SERVES: who acts, how, and what came of it."""
