"""The Album tab."""
