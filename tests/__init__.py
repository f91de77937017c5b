"""Muster's tests."""
