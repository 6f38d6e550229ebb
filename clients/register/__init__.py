"""What the client told us: identity, contacts, accounts, risk answers, consents, watchlist."""
