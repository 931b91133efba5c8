"""Reading creators from files: what a file must hold, what a row may say, how rows reach the tables."""
