"""A migration as a pull request: branch, commits that a reviewer can follow, description."""
