"""Levels compare."""

from tongban.kernel.assurance import AssuranceLevel


def test_levels_are_ordered() -> None:
    assert [level.name for level in sorted(AssuranceLevel)] == [
        "SELF_ASSERTED",
        "CROSS_CHECKED",
        "REVIEWED",
        "PRESENCE_VERIFIED",
    ]
    assert AssuranceLevel.REVIEWED >= AssuranceLevel.CROSS_CHECKED
