"""Engines that see whose mouth moves with a voice."""
