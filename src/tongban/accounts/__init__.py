"""Accounts of citizens, units and staff: sign-up, log-in, passwords, phones, sessions, bound identities."""
