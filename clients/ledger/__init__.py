"""What the client did with money: trades, cash, positions and margin contracts."""
