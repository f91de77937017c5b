"""The use cases, one file each, named by its verb."""
