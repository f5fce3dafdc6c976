"""Puts Pagefind's filters in order: it writes them as a hash table has them, otherwise at each run, and
the same pages must give the same book, byte for byte.

A filter file is `pagefind_dcd` and a CBOR array [name, [[value, [pages]]]], gzipped, named by its hash;
the index's meta file is [version, pages, chunks, [[filter, hash]], sorts, fields]. Of CBOR (RFC 8949)
Pagefind uses whole numbers, texts and arrays here.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

MARK = b"pagefind_dcd"
NUMBER, TEXT, ARRAY = 0, 3, 4  # CBOR's major types
FILTERS = 3  # their place in the meta file


def put_in_order(folder: Path) -> None:
    """Rewrites the filters of the index in `folder` sorted, under the hashes of their content."""
    entry = json.loads((folder / "pagefind-entry.json").read_text("utf-8"))
    for language, said in entry["languages"].items():
        old = folder / f"pagefind.{said['hash']}.pf_meta"
        meta = _read(old)
        meta[FILTERS] = sorted(
            [name, _sorted_filter(folder, language, hashed)] for name, hashed in meta[FILTERS]
        )
        content = _content(meta)
        said["hash"] = _hashed(language, content, 10)
        old.unlink()
        _write(folder / f"pagefind.{said['hash']}.pf_meta", content)
    text = json.dumps(entry, sort_keys=True, separators=(",", ":"))
    (folder / "pagefind-entry.json").write_text(text, encoding="utf-8")


def _sorted_filter(folder: Path, language: str, hashed: str) -> str:
    path = folder / "filter" / f"{hashed}.pf_filter"
    name, values = _read(path)
    path.unlink()
    content = _content([name, sorted([value, sorted(pages)] for value, pages in values)])
    new = _hashed(language, content, 7)
    _write(folder / "filter" / f"{new}.pf_filter", content)
    return new


def _hashed(language: str, content: bytes, digits: int) -> str:
    return f"{language}_{hashlib.sha256(content).hexdigest()[:digits]}"


def _read(path: Path) -> Any:
    content = gzip.decompress(path.read_bytes())
    return decode(content.removeprefix(MARK))


def _content(value: Any) -> bytes:
    return MARK + encode(value)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(gzip.compress(content, mtime=0))


def decode(data: bytes) -> Any:
    """The value of CBOR bytes made of whole numbers, texts and arrays.

    Raises:
        ValueError: another kind of value, or bytes that are left over.
    """
    value, end = _decode(data, 0)
    if end != len(data):
        raise ValueError(f"{len(data) - end} bytes after the value")
    return value


def _decode(data: bytes, at: int) -> tuple[Any, int]:
    kind, size = data[at] >> 5, data[at] & 31
    at += 1
    if size >= 24:
        width = 1 << (size - 24)  # 1, 2, 4 or 8 bytes
        size, at = int.from_bytes(data[at : at + width]), at + width
    if kind == NUMBER:
        return size, at
    if kind == TEXT:
        return data[at : at + size].decode(), at + size
    if kind != ARRAY:
        raise ValueError(f"a CBOR value of kind {kind}")
    items = []
    for _ in range(size):
        item, at = _decode(data, at)
        items.append(item)
    return items, at


def encode(value: Any) -> bytes:
    """CBOR bytes of whole numbers, texts and lists, in their shortest form."""
    if isinstance(value, int):
        return _head(NUMBER, value)
    if isinstance(value, str):
        text = value.encode()
        return _head(TEXT, len(text)) + text
    return _head(ARRAY, len(value)) + b"".join(map(encode, value))


def _head(kind: int, size: int) -> bytes:
    if size < 24:
        return bytes([kind << 5 | size])
    power = next(power for power in range(4) if size < 1 << (8 << power))
    return bytes([kind << 5 | 24 + power]) + size.to_bytes(1 << power)
