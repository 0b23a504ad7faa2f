"""Blind index and keyed digests."""

from tongban.vault import blind_index, digests, sealing


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
    fast = blind_index.Indexer("test.phone")
    assert fast.of(b"13800000000") == blind_index.candidates("test.phone", "13800000000")
    assert digests.Digester("test.row").keyed("行".encode()) == digests.keyed("test.row", "行")
