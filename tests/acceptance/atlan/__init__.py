"""The Atlan-style surface as its clients use it: an unmodified `pyatlan`, raw requests, and recorded ones."""
