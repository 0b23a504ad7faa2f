"""The acts of the room, one module each."""
