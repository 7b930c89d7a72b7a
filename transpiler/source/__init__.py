"""Files to parsed modules."""
