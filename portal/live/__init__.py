"""The pulse and the stream that nudge pages."""
