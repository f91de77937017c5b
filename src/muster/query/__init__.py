"""What a selection says: nodes, their faces, their algebra."""
