"""What the search reads of a case, and what its pages show."""
