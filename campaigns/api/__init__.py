"""The work as JSON under /api/v1/."""
