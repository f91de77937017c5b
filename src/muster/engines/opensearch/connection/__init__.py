"""The way to a search server: where it is, the official client that asks it, and what its failures mean."""
