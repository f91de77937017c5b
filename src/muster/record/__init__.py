"""The store of truth, in SQL."""
