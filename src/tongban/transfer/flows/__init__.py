"""The acts of the room, one a file."""
