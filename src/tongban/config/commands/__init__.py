"""Operators' commands, one click group a file; `tongban.config.cli` collects them."""
