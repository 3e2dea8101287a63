"""What storycluster knows of language: pure functions on text."""
