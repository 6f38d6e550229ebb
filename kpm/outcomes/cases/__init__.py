"""Success cases: what a branch did well, what its clients looked like, and the strategy that is made of it."""
