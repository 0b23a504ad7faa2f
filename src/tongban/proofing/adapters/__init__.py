"""Authorities; the setting AUTHORITY names the one in use."""
