"""News and research: articles, and which of them matters to which client."""
