"""What the client did on screen, and the business facts that floors above write down."""
