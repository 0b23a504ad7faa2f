"""The service hall: home, notices, help, search, my account, error pages, and what every request passes through."""
