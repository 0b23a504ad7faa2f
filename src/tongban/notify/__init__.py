"""Messages to people: SMS through an outbox, and messages on the platform itself."""
