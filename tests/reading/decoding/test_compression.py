"""Compressed files: every compression, the cost of damage, and decompression bombs."""

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
from detector.reading.decoding import limits, optional
from detector.reading.decoding.compression import COMPRESSIONS, decompress, detect_compression
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
each_compression = pytest.mark.parametrize(
    ("name", "suffix", "pack"), [(name, *each) for name, each in PACKERS.items()]
)


def records(count: int) -> bytes:
    """JSON Lines that hardly shrink."""
    return lines(*({"id": str(n), "text": f"{TEXT} {n**9} {n**7}"} for n in range(count))).encode()


@each_compression
def test_the_suffix_before_that_of_the_compression_selects_the_format(
    name: str, suffix: str, pack: Pack, read: Read
) -> None:
    for inner in (f"Été.jsonl{suffix}", f"a{suffix}", "a.dat"):
        assert len(read(inner, pack(records(3))).articles) == 3, inner
    assert read(f"a.md{suffix}", pack(b"Two words")).articles == [Article(f"a.md{suffix}", "Two words")]


@each_compression
def test_members_follow_each_other(name: str, suffix: str, pack: Pack, read: Read) -> None:
    content = records(300)
    packed = b"".join(pack(content[start : start + 1000]) for start in range(0, len(content), 1000))
    assert len(read("a.jsonl", packed + bytes(512)).articles) == 300


@each_compression
@pytest.mark.parametrize("count", [5, 5000])
def test_damage_costs_only_the_data_after_it(name: str, suffix: str, pack: Pack, count: int, read: Read) -> None:
    first, second = pack(records(count)), pack(lines({"id": "z", "text": TEXT}).encode())
    broken = {"cut off": (first + second)[:-9], "something else behind": first + b"not packed"}
    for kind, content in broken.items():
        reading = read(f"a.jsonl{suffix}", content)
        assert [article.id for article in reading.articles][:count] == [str(n) for n in range(count)], kind
        assert reading.rejected[-1].reason == f"broken {name} file: data after the damage could not be read", kind


@each_compression
def test_a_file_damaged_at_the_start_is_broken_not_empty(name: str, suffix: str, pack: Pack, read: Read) -> None:
    [outcome] = read("a", pack(b"Two words")[:12] + b"\xff" * 9).rejected
    assert outcome.reason == f"broken {name} file: data after the damage could not be read"


@each_compression
def test_every_piece_of_output_is_bounded(name: str, suffix: str, pack: Pack) -> None:
    packed = pack(bytes(64 * limits.MIB))
    compression = detect_compression(packed)
    assert compression is not None
    total = 0
    refused = pytest.raises(Unusable, match=r"decompression bomb \(over 32 MiB at more than 32768:1\)")
    with refused if name == "bzip2" else nullcontext():
        for piece in decompress(compression, [packed]):
            assert len(piece) <= 40 * limits.MIB
            total += len(piece)
    assert total == (0 if name == "bzip2" else 64 * limits.MIB)


@each_compression
@pytest.mark.parametrize("content", [bytes(5_000_000), b'{"text": "' + b"a " * 2_500_000, b"{}\n" * 500_000])
def test_a_decompression_bomb_is_rejected(
    name: str, suffix: str, pack: Pack, content: bytes, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "EXPANSION_FREE", 100_000)
    monkeypatch.setattr(limits, "RECORD_LIMIT", 50_000)
    monkeypatch.setattr(limits, "EXPANSION_RATIO", 25)
    reading = read(f"a.jsonl{suffix}", pack(lines({"text": TEXT}).encode()) + pack(content))
    first, *_, last = reading
    assert isinstance(first, Article)
    assert isinstance(last, Rejected)
    assert last.reason.startswith("possible decompression bomb (over 100000 bytes at more than 25:1), stopped")


@pytest.mark.slow
@pytest.mark.parametrize("line", [b'{"text": "', b""])
def test_ten_billion_zeros_are_rejected_in_seconds_and_little_memory(line: bytes, put: Put) -> None:
    path = put("a.jsonl.gz", gzip.compress(line) + gzip.compress(bytes(100 * limits.MIB)) * 100)
    tracemalloc.start()
    start = time.process_time()
    [*_, rejected] = read_articles(path).rejected
    seconds, peak = time.process_time() - start, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rejected.reason.startswith(
        "possible decompression bomb (over 256 MiB at more than 250:1)" if line else "a binary file"
    )
    assert seconds < 20
    assert peak < 4 * limits.RECORD_LIMIT


def test_xz_may_not_exceed_its_memory_limit(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = lzma.compress(records(5))
    monkeypatch.setattr(limits, "XZ_MEMORY_LIMIT", 2 * limits.MIB)
    assert read("a.jsonl.xz", packed).rejected[0].reason.startswith("broken xz file")


def test_skippable_frames_are_skipped(read: Read) -> None:
    frame = b"\x50\x2a\x4d\x18" + (4).to_bytes(4, "little") + b"meta"
    assert len(read("a.jsonl.zst", frame + zstandard.compress(records(3)) + frame).articles) == 3


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="Zstandard is in the standard library")
def test_without_its_package_zstandard_is_rejected_with_the_pip_command(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)
    optional.library.cache_clear()
    [rejected] = read("a.jsonl.zst", zstandard.compress(records(3))).rejected
    assert rejected.reason == "Zstandard files need a package: pip install 'detector[zstd]'"


def test_compressed_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    for pack in (gzip.compress, zstandard.compress):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(pack(json.dumps([{"text": TEXT}]).encode()))))
        assert [article.text for article in read_articles("-").articles] == [TEXT]


def test_input_may_come_in_chunks_of_any_size() -> None:
    def bytewise(data: bytes) -> Iterator[bytes]:
        return (data[index : index + 1] for index in range(len(data)))

    for compression in COMPRESSIONS:
        content = records(20)
        packed = PACKERS[compression.name][1](content)
        assert b"".join(decompress(compression, bytewise(packed * 2))) == content * 2
        with pytest.raises(Unusable, match=f"broken {compression.name} file: data after the damage could not be read"):
            list(decompress(compression, bytewise(packed[:-1])))
