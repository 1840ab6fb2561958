"""Engines that place known text in time."""
