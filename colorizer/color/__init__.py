"""Colour spaces, and the way out of Lab."""
