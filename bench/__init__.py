"""Measurements: each prints ratios within one run, because machines drift."""
