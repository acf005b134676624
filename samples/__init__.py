"""Fictional commune reports with gold, and the generator of any number more. No real place, no real person."""
