"""Suppression: findings that somebody knows and accepts, by a comment or in migration.yaml.

A suppressed finding stays in the report with its reason, and does not decide on the exit code. It
changes nothing that is emitted.
"""
