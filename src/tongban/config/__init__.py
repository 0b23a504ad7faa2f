"""Composition root: settings, addresses, adapters, command line. Nothing imports it."""
