"""DECIDES: what each client needs today, and whether it helped."""
