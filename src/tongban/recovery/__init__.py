"""Getting back in: a new password by login name, and appeals that people decide."""
