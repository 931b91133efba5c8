"""The pages of the work: each fetches with visible_to, calls one service, answers."""
