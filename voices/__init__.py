"""Stock voice cards: read-only seeds."""
