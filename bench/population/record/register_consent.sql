SELECT id, client_id, purpose, version, "at", given, channel, arrived_at FROM consents
