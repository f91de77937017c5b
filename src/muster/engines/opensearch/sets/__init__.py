"""Whole sets of assets from a server: memberships, and the postings of many clauses at once."""
