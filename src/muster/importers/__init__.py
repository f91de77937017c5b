"""Real catalogs in: readers that yield drafts, for a service to write."""
