"""Facts of the field that need no framework: identifiers, names, time, masking, events."""
