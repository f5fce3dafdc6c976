"""Where tables of measurements go: a section each in RESULTS.md."""

from __future__ import annotations

import datetime
import os
import platform
import re
from pathlib import Path

FILE = Path(__file__).parent / "RESULTS.md"


def machine() -> str:
    """What it was measured on, without its name."""
    cpu = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    day = datetime.date.today().isoformat()
    python = platform.python_version()
    return (
        f"{day}, {os.cpu_count()} cores ({cpu[1] if cpu else platform.machine()}), Python {python}"
    )


def write_section(name: str, text: str) -> None:
    """Puts a table into RESULTS.md, in place of the one of this name, or at the end."""
    head, *sections = FILE.read_text().split("\n## ")
    kept = {section.partition("\n")[0]: section.rstrip("\n") for section in sections}
    kept[name] = f"{name}\n\n{text.rstrip()}"
    FILE.write_text("\n\n## ".join([head.rstrip("\n"), *kept.values()]) + "\n")
