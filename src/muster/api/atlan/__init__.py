"""The Atlan-style surface: routes and shapes that Atlan's clients exchange; nothing is decided here."""
