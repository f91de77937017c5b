"""Hooks: who is told of events over HTTP, where to, and how it is seen to that everything arrives."""
