"""What people ask of the supply side: one function for each use case."""
