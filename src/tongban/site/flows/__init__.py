"""The service hall's business acts."""
