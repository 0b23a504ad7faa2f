"""Provinces, as far as an identifier's rules need them. Why no finer table: docs/decisions/0002."""

# GB/T 2260, two digits of a province, autonomous region or municipality. A province keeps its digits for ever,
# while counties come and go and stay in the numbers of those born there.
PROVINCES = frozenset(
    {
        *("11", "12", "13", "14", "15"),
        *("21", "22", "23"),
        *("31", "32", "33", "34", "35", "36", "37"),
        *("41", "42", "43", "44", "45", "46"),
        *("50", "51", "52", "53", "54"),
        *("61", "62", "63", "64", "65"),
    }
)
CENTRAL = "10"
"""First digits of 100000, which stands for an authority of the central government."""
