"""Forges: where pull requests are opened."""
