"""The HTML reports: a page for each DAG, and an index over several of them."""
