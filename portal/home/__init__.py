"""The client's own pages: login, home, holdings, messages."""
