"""Bytes in, ``Document`` out."""
