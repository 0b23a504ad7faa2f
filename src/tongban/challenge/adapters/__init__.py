"""Kinds of human check; the setting HUMAN_CHECK names the one in use."""
