"""What a manifest records of where an edition comes from: commit, libraries, data tables."""

from __future__ import annotations

import hashlib
import importlib.metadata
import re
import subprocess

from cityresearch.evidence.sources import list_sources
from cityresearch.press.editions.manifest import KeptTable
from cityresearch.project import Project


def commit_of(project: Project) -> tuple[str, bool | None]:
    """The commit that is checked out, and whether it holds the sources as they are; an empty commit and
    None where the project is not in git."""
    commit = _git(project, "rev-parse", "HEAD")
    if not commit:
        return "", None
    # What publishing itself leaves there (the manifest of an edition) is no source.
    changed = _git(project, "status", "--porcelain", "--", ".", ":!editions")
    return commit, changed == ""


def _git(project: Project, *words: str) -> str | None:
    try:
        command = ["git", "-C", str(project.root), *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:  # git is not installed
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def libraries() -> dict[str, str]:
    """The version of each library that this package asks for, of those that are installed."""
    found = {}
    for wanted in importlib.metadata.requires("cityresearch") or []:
        name = re.split(r"[^A-Za-z0-9._-]", wanted)[0]
        if "extra ==" not in wanted:
            found[name] = importlib.metadata.version(name)
    return dict(sorted(found.items()))


def tables(project: Project) -> dict[str, KeptTable]:
    """Every data table by its address."""
    found = {}
    for name, source in list_sources(project).items():
        for table, declared in source.tables.items():
            path = project.data / name / declared.file
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            file = f"data/{name}/{declared.file}"
            found[f"{name}.{table}"] = KeptTable(vintage=declared.vintage, file=file, sha256=digest)
    return found
