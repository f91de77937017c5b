"""What would move if something were otherwise: by the documents of the assets as they are, and as they would be."""
