"""What units and people do with mandates: one act per file."""
