"""The verbs, in story order: teams, briefs, invitations, offers, work."""
