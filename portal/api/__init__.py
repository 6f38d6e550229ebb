"""The REST interface for the mobile app and other platforms."""
