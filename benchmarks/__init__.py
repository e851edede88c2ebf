"""How fast and how good: `python -m benchmarks.speed`, `python -m benchmarks.quality FOLDER`."""
