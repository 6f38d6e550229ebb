"""The importer: read a file, check it line by line, merge it set-based, report what was rejected and why."""
