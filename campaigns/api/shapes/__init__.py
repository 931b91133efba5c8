"""What the API shows. Every shape names its fields; nothing appears because a column was added."""
