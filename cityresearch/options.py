"""The options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ProjectOption = Annotated[
    Path | None, typer.Option("--project", help="The project's folder (default: found from here).")
]
BuildOption = Annotated[
    Path | None, typer.Option("--build-dir", help="Where outputs go (default: _build).")
]
CollectionOption = Annotated[
    Path | None,
    typer.Option("--collection", help="A collection file (default: book/collection.yml)."),
]
TopicOption = Annotated[
    list[str] | None, typer.Option("--topic", help="Only this topic; may be repeated.")
]
CityOption = Annotated[
    list[str] | None,
    typer.Option("--city", help="Only this place, as a slug or Census code; may be repeated."),
]
ParameterOption = Annotated[
    list[str] | None,
    typer.Option(
        "-p", "--parameter", help="A parameter of the topic, as name=value; may be repeated."
    ),
]
JobsOption = Annotated[
    int | None,
    typer.Option("-j", "--jobs", min=1, help="Processes at once (default: one per core)."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
ClusterOption = Annotated[
    str | None,
    typer.Option(
        "--cluster", help="Run on a Dask cluster: tcp://HOST:PORT, or local:N for N processes."
    ),
]
StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store", help="With --cluster: where workers put what they made, as a path or s3://…"
    ),
]
