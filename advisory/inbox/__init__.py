"""What the system tells the client, per channel, with delivery and reading."""
