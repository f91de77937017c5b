"""What is catalogued: entities, their types, and the document each gives the index."""
