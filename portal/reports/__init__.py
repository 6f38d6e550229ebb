"""Branch levelling, the strategy board and the analysts' workbench."""
