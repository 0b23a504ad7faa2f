"""What can be done in this room, one act a file."""
