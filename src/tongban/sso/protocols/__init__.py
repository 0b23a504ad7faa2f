"""What travels on the wire. A protocol translates between a standard's messages and the room's flows."""
