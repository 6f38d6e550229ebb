"""A business day killed by SIGKILL at chosen points, and finished by another process."""
