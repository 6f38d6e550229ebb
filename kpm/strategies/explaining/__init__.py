"""Why a version means a client or does not: each comparison with value and threshold, and what would have to change."""
