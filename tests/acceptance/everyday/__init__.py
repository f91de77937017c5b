"""What people do every day through an unmodified `pyatlan`, as scripts that any version of it runs."""
