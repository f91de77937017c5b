"""Real catalogs in."""
