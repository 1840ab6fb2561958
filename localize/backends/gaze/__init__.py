"""Engines that see where heads turn."""
