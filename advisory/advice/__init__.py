"""Research notes, model portfolios and adviser contracts."""
