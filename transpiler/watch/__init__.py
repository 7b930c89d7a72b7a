"""`dag2zen watch`: transpiling again when something changes, and refreshing the open report."""
