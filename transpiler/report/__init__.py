"""What became of every DAG, as JSON document, text, Markdown, HTML and SARIF."""
