"""Pages that show every component of the room design, for tests and for the eye. They exist only under tests."""
