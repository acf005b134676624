"""The door: command line, pipeline, batch, settings, messages."""
