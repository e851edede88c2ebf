"""What benchmarks and tests share: a server to start, a browser to drive it, and weights for a network."""
