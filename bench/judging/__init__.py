"""What the benchmarks that judge the house against the hidden truth of the simulated branch have in common."""
