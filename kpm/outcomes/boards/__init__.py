"""The board of strategies: what each is worth, how often it is right, what it costs, and how that changes."""
