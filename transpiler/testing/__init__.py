"""For tests of a team's own migrations: a pytest plugin with snapshots of what DAGs become."""
