"""What searches: one module or package per engine."""
