"""Walking into a business system: relying parties, consent, claims, entry rules, OpenID Connect."""
