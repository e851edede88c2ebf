"""What several tabs draw."""
