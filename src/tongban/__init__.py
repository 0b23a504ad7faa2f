"""Tongban 通办: one account for every government service."""
