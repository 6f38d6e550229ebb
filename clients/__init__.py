"""KNOWS: facts about clients and their market."""
