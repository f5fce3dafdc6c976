"""What the cells of a forked brief say, on its way through a pipe: messages as a kernel's, and streams."""

from __future__ import annotations

import io
import json
import threading
from multiprocessing.connection import Connection
from typing import Any

from jupyter_client.jsonutil import json_clean, json_default
from jupyter_client.session import Session

SENDING = threading.Lock()
SHOWN = ("display_data", "execute_result", "update_display_data")


class PipeSession(Session):
    """Sends messages through the pipe instead of a socket."""

    pipe: Connection | None = None  # None: nobody listens yet

    def send(
        self,
        stream: Any,  # noqa: ARG002  a kernel's socket; here there is one pipe
        msg_or_type: Any,
        content: Any = None,
        *rest: Any,  # noqa: ARG002
        **more: Any,  # noqa: ARG002
    ) -> None:
        """Sends type and content of a message; times and ids are of no use on a pipe."""
        if not isinstance(msg_or_type, str):
            msg_or_type, content = msg_or_type["msg_type"], msg_or_type["content"]
        if self.pipe is None:
            return
        if msg_or_type in SHOWN:
            content = {
                **content,
                "data": _as_json(content["data"]),
                "metadata": _as_json(content["metadata"]),
            }
        header = {"msg_type": msg_or_type}
        said = {"header": header, **header, "content": content, "parent_header": {}}
        self.post("message", said)

    def post(self, kind: str, content: Any) -> None:
        """Sends one message whole: cells may have threads that print at once."""
        assert self.pipe is not None
        with SENDING:
            self.pipe.send((kind, content))


def _as_json(bundle: dict[str, Any]) -> dict[str, Any]:
    """Values as a kernel's JSON leaves them: bytes of images as text, keys as strings, no tuples.
    Most are texts, which it leaves as they are."""
    return {
        name: value if type(value) is str else _through_json(value)
        for name, value in bundle.items()
    }


def _through_json(value: Any) -> Any:
    try:
        return json.loads(json.dumps(value, default=json_default))
    except TypeError:  # keys that JSON has no text for
        return json_clean(value)


class Stream(io.TextIOBase):
    """Standard output or error of the cells: kept until something else is said, then sent whole."""

    def __init__(self, name: str, session: PipeSession) -> None:
        self.name = name
        self.other: Stream | None = None
        self._session = session
        self._texts: list[str] = []

    encoding = "utf-8"
    errors = "replace"

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        """For programs that are to print here: into the file that is read after each cell."""
        return 1 if self.name == "stdout" else 2

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if not text:  # a kernel makes no output of nothing
            return 0
        if self.other:
            self.other.flush()  # what was said first comes first
        self._texts.append(text)
        return len(text)

    def flush(self) -> None:
        if self._texts:
            text, self._texts = "".join(self._texts), []
            self._session.send(None, "stream", {"name": self.name, "text": text})
