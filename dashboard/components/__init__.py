"""The page components of our own, with their scripts and styles."""
