"""Engines that translate dialogue."""
