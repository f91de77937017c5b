"""The OpenMetadata-style surface: routes and shapes that OpenMetadata's clients exchange; nothing is decided here."""
