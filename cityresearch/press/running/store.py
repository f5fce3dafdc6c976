"""A store that several machines reach: an address that fsspec knows (a shared folder, s3://…), with
content under names that are hashes of it, and archives of folders in it."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from cityresearch.errors import ResearchError
from cityresearch.press.files import write_whole

EPOCH = (1980, 1, 1, 0, 0, 0)  # the same archive whenever its files were written


class Store:
    """Objects by name below an address. Credentials come from each machine's own surroundings.

    Raises:
        ResearchError: the address is of a kind that fsspec does not know, or lacks a package for.
    """

    def __init__(self, address: str) -> None:
        from fsspec.core import url_to_fs

        self.address = address
        try:
            self._files, root = url_to_fs(address)
        except (ImportError, ValueError) as error:
            raise ResearchError(f"{error}.", where=f"--store {address}") from None
        self._root = root.rstrip("/")
        self._local = isinstance(self._files.protocol, tuple) and "file" in self._files.protocol

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    def write(self, name: str, content: bytes) -> None:
        """Writes an object whole: a reader sees none or all of it. (Object stores do so by themselves.)"""
        if self._local:
            write_whole(Path(self._path(name)), content)
        else:
            self._files.pipe_file(self._path(name), content)

    def read(self, names: Iterable[str]) -> dict[str, bytes]:
        """The objects of these names that are there, fetched at once where the store can do so."""
        paths = {self._path(name): name for name in names}
        if not paths:
            return {}
        found: dict[str, bytes] = {}
        for path, content in self._files.cat(list(paths), on_error="return").items():
            if isinstance(content, bytes):
                found[paths[path]] = content
            elif not isinstance(content, FileNotFoundError):
                raise content
        return found

    def remove(self, names: Iterable[str]) -> None:
        """Removes objects, those that are there."""
        for name in names:
            try:
                self._files.rm_file(self._path(name))
            except FileNotFoundError:
                continue

    def keep(self, content: bytes) -> str:
        """Puts content under its hash, where it is not there yet; the hash."""
        digest = hashlib.sha256(content).hexdigest()
        self._files.invalidate_cache()
        if not self._files.exists(self._path(f"inputs/{digest}")):
            self.write(f"inputs/{digest}", content)
        return digest

    def kept(self, digest: str) -> bytes:
        """Content by its hash.

        Raises:
            ResearchError: it is not there, or is not what its name says.
        """
        content = self.read([f"inputs/{digest}"]).get(f"inputs/{digest}")
        if content is None or hashlib.sha256(content).hexdigest() != digest:
            raise ResearchError(
                f"inputs/{digest} is {'not there' if content is None else 'damaged'}.",
                where=f"the store {self.address}",
                instead="Give all machines a store that they reach by the same address.",
            )
        return content


def pack(folders: Mapping[str, Path]) -> bytes:
    """An archive of files and folders, each under its name there; the same bytes for the same files."""
    target = io.BytesIO()
    # Not compressed: tables are already, and compressors of two machines may differ.
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, path in sorted(_members(folders)):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), path.read_bytes())
    return target.getvalue()


def _members(folders: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
    for name, start in folders.items():
        if start.is_file():
            yield name, start
        for folder, inner, files in os.walk(start):
            inner[:] = [each for each in inner if each[0] != "." and each != "__pycache__"]
            for path in (Path(folder) / file for file in files if file[0] != "."):
                yield PurePosixPath(name, path.relative_to(start).as_posix()).as_posix(), path


def unpack(content: bytes, target: Path) -> None:
    """Writes an archive's files into a new folder, which is there whole or not at all.

    Raises:
        ResearchError: a member would lie outside of the folder, or is compressed, as `pack` makes none.
    """
    if target.is_dir():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".making-", dir=target.parent))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                if (
                    member.compress_type != zipfile.ZIP_STORED
                ):  # a few bytes could unfold to any size
                    raise ResearchError(f"the archive's member '{member.filename}' is compressed.")
                _write_member(aside, member.filename, archive.read(member))
        aside.rename(target)
    except OSError:
        if not target.is_dir():  # else another process was faster with the same content
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _write_member(folder: Path, name: str, content: bytes) -> None:
    # Links become plain files; a name may lead neither upward nor to a root or a drive.
    if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
        raise ResearchError(f"the archive's member '{name}' would lie outside of its folder.")
    if not name.endswith("/"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
