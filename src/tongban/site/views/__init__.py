"""The pages of the service hall, one module a subject."""
