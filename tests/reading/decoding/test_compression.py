"""Packed files: every packing of every format, what damage costs, and bombs."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import nullcontext

import pytest
import zstandard

from detector.reading import read_articles
from detector.reading.decoding import compression, limits
from detector.reading.decoding.compression import packing_of, unpacked
from detector.reading.source import Unusable
from detector.records import Article, Rejected
from tests.reading.conftest import TEXT, Put, Read, lines

Pack = Callable[[bytes], bytes]

PACKERS: dict[str, tuple[str, Pack]] = {
    "gzip": (".gz", gzip.compress),
    "bzip2": (".bz2", bz2.compress),
    "xz": (".xz", lzma.compress),
    "Zstandard": (".zst", zstandard.compress),
}
each_packing = pytest.mark.parametrize(("name", "suffix", "pack"), [(name, *each) for name, each in PACKERS.items()])


def records(count: int) -> bytes:
    """JSON Lines that hardly shrink."""
    return lines(*({"id": str(n), "text": f"{TEXT} {n**9} {n**7}"} for n in range(count))).encode()


@each_packing
def test_the_name_inside_settles_the_format(name: str, suffix: str, pack: Pack, read: Read) -> None:
    for inner in (f"Été.jsonl{suffix}", f"a{suffix}", "a.dat"):
        assert len(read(inner, pack(records(3))).articles) == 3, inner
    assert read(f"a.md{suffix}", pack(b"Two words")).articles == [Article(f"a.md{suffix}", "Two words")]


@each_packing
def test_members_follow_each_other(name: str, suffix: str, pack: Pack, read: Read) -> None:
    content = records(300)
    packed = b"".join(pack(content[start : start + 1000]) for start in range(0, len(content), 1000))
    assert len(read("a.jsonl", packed + bytes(512)).articles) == 300


@each_packing
@pytest.mark.parametrize("count", [5, 5000])
def test_damage_costs_what_stands_behind_it(name: str, suffix: str, pack: Pack, count: int, read: Read) -> None:
    first, second = pack(records(count)), pack(lines({"id": "z", "text": TEXT}).encode())
    broken = {"cut off": (first + second)[:-9], "something else behind": first + b"not packed"}
    for kind, content in broken.items():
        reading = read(f"a.jsonl{suffix}", content)
        assert [article.id for article in reading.articles][:count] == [str(n) for n in range(count)], kind
        assert reading.rejected[-1].reason == f"a broken {name}: what stands behind the damage is lost", kind


@each_packing
def test_what_breaks_at_once_is_broken_and_not_empty(name: str, suffix: str, pack: Pack, read: Read) -> None:
    [outcome] = read("a", pack(b"Two words")[:12] + b"\xff" * 9).rejected
    assert outcome.reason == f"a broken {name}: what stands behind the damage is lost"


@each_packing
def test_no_piece_is_large(name: str, suffix: str, pack: Pack) -> None:
    packed = pack(bytes(64 * limits.MIB))
    packing = packing_of(packed)
    assert packing is not None
    total = 0
    with pytest.raises(Unusable) if name == "bzip2" else nullcontext():
        for piece in unpacked(packing, [packed]):
            assert len(piece) <= 40 * limits.MIB
            total += len(piece)
    assert total == (0 if name == "bzip2" else 64 * limits.MIB)


@each_packing
@pytest.mark.parametrize("content", [bytes(5_000_000), b'{"text": "' + b"a " * 2_500_000, b"{}\n" * 500_000])
def test_a_bomb_is_refused(
    name: str, suffix: str, pack: Pack, content: bytes, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "UNPACKED_FREE", 100_000)
    monkeypatch.setattr(limits, "RECORD_LIMIT", 50_000)
    monkeypatch.setattr(limits, "UNPACKED_RATIO", 25)
    reading = read(f"a.jsonl{suffix}", pack(lines({"text": TEXT}).encode()) + pack(content))
    first, *_, last = reading
    assert isinstance(first, Article)
    assert isinstance(last, Rejected)
    assert last.reason.startswith(
        "a bomb: over 100000 bytes unpacked from less than 1/25 of it, which no text comes to"
    )


@pytest.mark.parametrize("line", [b'{"text": "', b""])
def test_ten_billion_zeros_are_refused_in_seconds_and_little_memory(line: bytes, put: Put) -> None:
    path = put("a.jsonl.gz", gzip.compress(line) + gzip.compress(bytes(100 * limits.MIB)) * 100)
    tracemalloc.start()
    start = time.process_time()
    [*_, rejected] = read_articles(path).rejected
    seconds, peak = time.process_time() - start, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rejected.reason.startswith("a bomb: over 256 MiB" if line else "a binary file")
    assert seconds < 20
    assert peak < 4 * limits.RECORD_LIMIT


def test_xz_may_not_fill_the_memory(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = lzma.compress(records(5))
    monkeypatch.setattr(limits, "UNPACKING_MEMORY", 2 * limits.MIB)
    assert read("a.jsonl.xz", packed).rejected[0].reason.startswith("a broken xz")


def test_frames_to_be_skipped_are_skipped(read: Read) -> None:
    frame = b"\x50\x2a\x4d\x18" + (4).to_bytes(4, "little") + b"meta"
    assert len(read("a.jsonl.zst", frame + zstandard.compress(records(3)) + frame).articles) == 3


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="Zstandard is in the standard library")
def test_without_its_package_zstandard_is_refused_with_the_command(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)
    [rejected] = read("a.jsonl.zst", zstandard.compress(records(3))).rejected
    assert rejected.reason == "Zstandard needs a package: pip install 'detector[zstd]'"


def test_packed_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    for pack in (gzip.compress, zstandard.compress):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(pack(json.dumps([{"text": TEXT}]).encode()))))
        assert [article.text for article in read_articles("-").articles] == [TEXT]


def test_pieces_may_come_in_any_size() -> None:
    def bytewise(data: bytes) -> Iterator[bytes]:
        return (data[place : place + 1] for place in range(len(data)))

    for packing in compression.PACKINGS:
        content = records(20)
        packed = PACKERS[packing.name][1](content)
        assert b"".join(unpacked(packing, bytewise(packed * 2))) == content * 2
        with pytest.raises(Unusable):
            list(unpacked(packing, bytewise(packed[:-1])))
