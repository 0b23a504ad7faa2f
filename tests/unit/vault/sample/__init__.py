"""Models that only the vault's tests use."""
