"""The catalogue's business acts."""
