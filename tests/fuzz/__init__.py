"""Fuzzing of everything that reads strangers' files: `make fuzz`."""
