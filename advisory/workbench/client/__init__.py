"""The client on one page: who he is, what is going on, what he has, does and needs, and all that happened."""
