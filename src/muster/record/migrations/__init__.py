"""How the tables came to be: Alembic scripts, run by `muster.record.upgrade`."""
