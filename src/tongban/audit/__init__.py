"""What happened: append-only events, their names, and the chain of seals that proves nothing was altered."""
