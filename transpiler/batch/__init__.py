"""Many files: finding them, sharing them out, and what can only be seen across files."""
