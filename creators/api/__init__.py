"""The supply side as JSON under /api/v1/."""
