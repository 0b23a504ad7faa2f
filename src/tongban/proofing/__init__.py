"""Real-name verification: the journey, what a person or unit submits, the authorities that answer, the proofs."""
