"""Securities, their dated names, boards, the trading calendar, daily bars, quotes and products."""
