"""The acts of this room: record an event, seal, verify, export, retire."""
