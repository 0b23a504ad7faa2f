"""Business systems that meet the platform over HTTP only."""
