"""Muster: data products whose members are defined by a query."""
