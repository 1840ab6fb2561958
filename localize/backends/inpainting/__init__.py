"""Engines that fill holes in pictures."""
