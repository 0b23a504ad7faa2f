"""Blind index and keyed digests."""

import pytest

from tongban.vault import blind_index, digests, sealing
from tongban.vault.errors import Tampered


def test_same_value_gives_the_same_index_in_its_domain_only() -> None:
    assert blind_index.of("a", "13800000000") == blind_index.of("a", "13800000000")
    assert blind_index.of("a", "13800000000") != blind_index.of("b", "13800000000")
    assert blind_index.of("a", "x") == blind_index.candidates("a", "x")[0]
    assert len(blind_index.of("a", "x" * 1000)) <= blind_index.LENGTH


def test_digest_matches_its_value_only() -> None:
    digest = digests.keyed("code", "123456")
    assert digests.matches(digest, "code", "123456")
    assert not digests.matches(digest, "code", "123457")
    assert not digests.matches(digest, "other", "123456")
    assert not digests.matches("nonsense", "code", "123456")


def test_sealed_bytes_open_again() -> None:
    assert sealing.open_sealed(sealing.seal(b"secret", context="c"), context="c") == b"secret"


def test_many_indexes_are_made_as_one_is() -> None:
    phones = ["13800000000", "13800000001"]
    made = blind_index.Indexer("test.phone").of_all([phone.encode() for phone in phones])
    for place, phone in enumerate(phones):
        assert [every[place].decode() for every in made] == blind_index.candidates("test.phone", phone)
    assert digests.Digester("test.row").keyed_all(["行".encode(), b""]) == [
        digests.keyed("test.row", "行"),
        digests.keyed("test.row", ""),
    ]


def test_many_values_are_sealed_as_one_is() -> None:
    many = sealing.Sealer("c").seal_all([b"secret", b""], rows=[b"1", b"22"])
    assert sealing.open_sealed(many[0], context="c", row="1") == b"secret"
    assert sealing.open_sealed(many[1], context="c", row="22") == b""
    with pytest.raises(Tampered):
        sealing.open_sealed(many[0], context="c", row="22")
    sealer = sealing.Sealer("c")
    nonces = {sealed[5:17] for sealed in sealer.seal_all([b"x"] * 2500, rows=[b"1"] * 2500)}
    nonces.add(sealer.seal(b"x", row=b"1")[5:17])
    assert len(nonces) == 2501, "never twice"
