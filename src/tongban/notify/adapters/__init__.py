"""Providers of SMS; the setting SMS_PROVIDER names the one in use."""
