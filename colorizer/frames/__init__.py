"""Frames of films and of the camera."""
