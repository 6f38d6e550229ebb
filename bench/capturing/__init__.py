"""Parts of `bench capture`: a real server, its load, its peer, and events to compact."""
