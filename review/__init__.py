"""The inspectors page, and the exports."""
