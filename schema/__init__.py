"""The table in the middle of the house: what a report is, and where it is kept."""
