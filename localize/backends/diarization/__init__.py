"""Engines that say who is talking."""
