"""What a person asks for: looks, hints, restoration."""
