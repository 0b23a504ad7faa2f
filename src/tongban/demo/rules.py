"""The synthetic people and units: the same ones every time, made from a fixed seed.

No number here can be a living person's: every birth date lies before 1915. Units use region 110108 and
organisation codes that begin with MADM0, all with right check characters.
"""

import random
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from tongban.kernel import check_characters
from tongban.kernel.documents import DocumentKind
from tongban.kernel.uscc import UnitType

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜欧阳"
_GIVEN = "明远思齐若水清和知行致云修竹景行怀瑾子衿文渊静姝长风望舒书言亦安嘉禾令仪乐山"
_PLACES = (
    "云杉",
    "启明",
    "澄湖",
    "远山",
    "青禾",
    "星桥",
    "白塔",
    "松涛",
    "海棠",
    "长庚",
    "临江",
    "北辰",
    "汇川",
    "望岳",
)
_TRADES = ("精密仪器", "智能装备", "生物技术", "新材料", "信息技术", "节能环保", "航天电子", "数据服务", "医疗器械")
_ANSWERS = (("match", 48), ("mismatch", 22), ("no_record", 22), ("unavailable", 22))


@dataclass(frozen=True, slots=True)
class Person:
    """A made-up natural person as the demo authority knows them; `answer` is what the authority will say."""

    name: str
    document: DocumentKind
    number: str
    answer: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A made-up unit with its legal representative; `answer` is what the authority will say."""

    name: str
    uscc: str
    unit_type: UnitType
    legal_representative: Person
    answer: str


def resident_number(region: str, birth: date, sequence: int) -> str:
    """Return an 18-digit number with its check character (GB 11643-1999)."""
    body = f"{region}{birth:%Y%m%d}{sequence:03d}"
    return body + check_characters.mod_11_2(body)


def uscc(prefix: str, organisation: str) -> str:
    """Return the code of a unit: 8 characters `prefix`, 8 of its organisation code, and both check characters."""
    body = prefix + organisation + check_characters.organisation(organisation)
    return body + check_characters.uscc(body)


def _answers() -> Iterator[str]:
    for answer, count in _ANSWERS:
        yield from [answer] * count


def _name(dice: random.Random) -> str:
    return dice.choice(_SURNAMES) + "".join(dice.sample(_GIVEN, dice.choice((1, 2, 2))))


def _person(dice: random.Random, number: int, answer: str) -> Person:
    birth = date(1900, 1, 1) + timedelta(days=dice.randrange(5000))
    if number % 16 == 5:
        region, kind = "810000", DocumentKind.HK_MACAU_RESIDENCE_PERMIT
    elif number % 16 == 11:
        region, kind = "830000", DocumentKind.TAIWAN_RESIDENCE_PERMIT
    else:
        region, kind = dice.choice(("110105", "310104", "440305", "510104", "610103")), DocumentKind.RESIDENT_ID
    return Person(_name(dice), kind, resident_number(region, birth, number), answer)


@cache
def people() -> tuple[Person, ...]:
    """Return every synthetic natural person."""
    dice = random.Random(20260101)  # noqa: S311 - the same people every time, no secret
    return tuple(_person(dice, number, answer) for number, answer in enumerate(_answers()))


_KINDS = (
    ("91110108", UnitType.ENTERPRISE, "{place}{trade}有限公司"),
    ("91110108", UnitType.ENTERPRISE, "{place}{trade}股份有限公司"),
    ("91110108", UnitType.ENTERPRISE, "北京{place}{trade}科技有限公司"),
    ("12110108", UnitType.PUBLIC_INSTITUTION, "{place}{trade}研究院"),
    ("91110108", UnitType.ENTERPRISE, "{place}（北京）{trade}有限公司"),
    ("52110108", UnitType.PRIVATE_NON_ENTERPRISE, "{place}{trade}促进中心"),
)


@cache
def units() -> tuple[Unit, ...]:
    """Return every synthetic unit; each has a legal representative of its own."""
    return make_units(_answers(), seed=20260102, organisation="MADM0", sequence=500)


def make_units(
    answers: Iterable[str], *, seed: int, organisation: str, sequence: int, taken: AbstractSet[str] = frozenset()
) -> tuple[Unit, ...]:
    """Return a unit for each answer, the same ones every time; none has a name of `taken`.

    `organisation` begins their organisation codes, `sequence` the last digits of their representatives' numbers.
    """
    dice = random.Random(seed)  # noqa: S311 - the same units every time, no secret
    made: dict[str, Unit] = {}
    for number, answer in enumerate(answers):
        prefix, unit_type, pattern = _KINDS[number % len(_KINDS)]
        name = pattern.format(place=dice.choice(_PLACES), trade=dice.choice(_TRADES))
        while name in made or name in taken:
            name = pattern.format(place=dice.choice(_PLACES) + dice.choice(_PLACES), trade=dice.choice(_TRADES))
        birth = date(1900, 1, 1) + timedelta(days=dice.randrange(5000))
        representative = Person(
            _name(dice), DocumentKind.RESIDENT_ID, resident_number("110108", birth, sequence + number), answer
        )
        code = uscc(prefix, f"{organisation}{number:03d}")
        made[name] = Unit(name, code, unit_type, representative, answer)
    return tuple(made.values())


def make_people(count: int, *, seed: int, sequence: int) -> tuple[Person, ...]:
    """Return people with resident identity cards whom the authority confirms, the same ones every time."""
    dice = random.Random(seed)  # noqa: S311 - the same people every time, no secret
    births = [date(1900, 1, 1) + timedelta(days=dice.randrange(5000)) for _ in range(count)]
    numbers = (resident_number("110105", birth, sequence + number) for number, birth in enumerate(births))
    return tuple(Person(_name(dice), DocumentKind.RESIDENT_ID, number, "match") for number in numbers)
