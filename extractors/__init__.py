"""Document in, Facts out."""
