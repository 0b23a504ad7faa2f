"""Who may act for which unit, in which service, until when."""
