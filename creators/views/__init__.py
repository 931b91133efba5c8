"""The pages of the supply side."""
