"""Muster's own resources over HTTP: what a product holds and why, what moved, what was decided by hand."""
