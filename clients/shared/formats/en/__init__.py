"""What Django finds for this language."""
