"""Accounts of another platform, brought over: decided once, by a table, each with the reason its owner is told."""
