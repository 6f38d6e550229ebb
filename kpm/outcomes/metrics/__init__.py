"""What clients did within the windows of their hits: one SELECT a file over `spans`, one row a hit."""
