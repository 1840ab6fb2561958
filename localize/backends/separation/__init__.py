"""Engines that take a mix apart into dialogue and music-and-effects."""
