"""Frames of films and of the camera: YUV planes, smoothing over time, views."""
