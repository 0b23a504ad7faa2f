"""Manual review: cases, who works on them, how they are decided and until when. Knows no kind of case by name."""
