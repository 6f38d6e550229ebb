"""The result of every hit, compared with the clients held out."""
