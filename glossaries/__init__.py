"""Phrasebook, tropes and starter termbases: read-only seeds."""
