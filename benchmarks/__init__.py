"""Benchmarks of speed and quality: `python -m benchmarks.speed`, `python -m benchmarks.quality FOLDER`."""
