"""Real ipykernels of the running interpreter, driven as a front end drives them."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager
from nbformat.v4 import new_code_cell, output_from_msg

from grader.loop import stopwatch

SETUP = """import asyncio, gc, logging, time
async def falla(numero):
    await asyncio.sleep(0)
    raise ValueError(f"sin usuario {numero}")
async def grupo(*numeros):
    async with asyncio.TaskGroup() as group:
        for numero in numeros:
            group.create_task(falla(numero))
"""

HANG = 300  # seconds after which a test that hangs is given up; never a measure of speed


class ThisPython(KernelSpecManager):
    """Knows one kernel: an ipykernel of the running interpreter."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, language="python", display_name="this Python")


@dataclass
class Run:
    """What one cell sent: `outputs` as a notebook stores them, and the reply."""

    outputs: list[dict[str, Any]] = field(default_factory=list)
    reply: dict[str, Any] = field(default_factory=dict)

    def text(self, stream: str) -> str:
        return "".join(
            o["text"] for o in self.outputs if o["output_type"] == "stream" and o["name"] == stream
        )

    @property
    def stdout(self) -> str:
        return self.text("stdout")

    @property
    def stderr(self) -> str:
        return self.text("stderr")

    @property
    def error(self) -> dict[str, Any]:
        return next((o for o in self.outputs if o["output_type"] == "error"), {})

    @property
    def data(self) -> list[dict[str, Any]]:
        return [o["data"] for o in self.outputs if o["output_type"] in ("display_data", "execute_result")]

    @property
    def status(self) -> str:
        return str(self.reply["status"])


class LiveKernel:
    """A running kernel; `run` runs a cell, `start` and `finish` are its two halves."""

    def __init__(self, manager: KernelManager) -> None:
        self.manager = manager
        self.client = manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=HANG)
        self._cell, self._current = "", Run()

    @property
    def output(self) -> str:
        """What the started cell has printed so far."""
        return self._current.stdout

    def run(self, code: str, cell_id: str = "") -> Run:
        """Run a cell to its end. cell_id: as JupyterLab tells it."""
        self.start(code, cell_id=cell_id)
        return self.finish()

    def node(self, code: str, options: str = "") -> Run:
        """Run a cell of JavaScript."""
        return self.run(f"%%node {options}\n{code}")

    def load(self) -> Run:
        """Load the extension."""
        return self.run("%load_ext grader")

    def start(self, code: str, until: str = "", cell_id: str = "") -> None:
        """Send a cell and wait until its stdout says `until`."""
        self._current = Run()
        if cell_id:
            content = {"code": code, "silent": False, "store_history": True, "stop_on_error": False}
            message = self.client.session.msg("execute_request", content, metadata={"cellId": cell_id})
            self.client.shell_channel.send(message)
            self._cell = message["header"]["msg_id"]
        else:
            self._cell = self.client.execute(code)
        self.wait_for(until)

    def stop(self) -> Run:
        """Press stop during a started cell and wait until it has ended."""
        self.manager.interrupt_kernel()
        return self.finish()

    def send(self, kind: str, content: dict[str, Any]) -> None:
        """Send a message of another kind, as widgets do while a cell runs."""
        self.client.shell_channel.send(self.client.session.msg(kind, content))

    def wait_for(self, text: str) -> None:
        """Wait until the started cell has printed a text."""
        while text not in self._current.stdout:
            self._read()

    def finish(self) -> Run:
        """Wait until the started cell has ended."""
        while self._read():
            pass
        while not self._current.reply:
            reply = self._take(self.client.get_shell_msg)
            if reply["parent_header"].get("msg_id") == self._cell:
                self._current.reply = reply["content"]
        return self._current

    def _read(self) -> bool:
        """Take one message; False when it says that the cell has ended."""
        message = self._take(self.client.get_iopub_msg)
        if message["parent_header"].get("msg_id") != self._cell:
            return True
        kind, content = message["msg_type"], message["content"]
        if kind in ("stream", "error", "display_data", "execute_result"):
            self._current.outputs.append({"output_type": kind, **content})
        return not (kind == "status" and content["execution_state"] == "idle")

    def _take(self, channel: Callable[..., dict[str, Any]]) -> dict[str, Any]:
        try:
            return channel(timeout=HANG)
        except Empty:
            raise AssertionError(f"nothing comes any more; so far: {self._current.outputs}") from None


@contextlib.contextmanager
def live_kernel(folder: Path) -> Iterator[LiveKernel]:
    """Start a kernel whose notebook would lie in `folder`; shut it down at the end."""
    manager = KernelManager(kernel_spec_manager=ThisPython())
    manager.start_kernel(cwd=str(folder))
    try:
        kernel = LiveKernel(manager)
        try:
            yield kernel
        finally:
            kernel.client.stop_channels()
    finally:
        manager.shutdown_kernel(now=True)


def graded(run: Run) -> Any:
    """Return a graded cell of 2 points with the outputs of a run."""
    header = {
        "nbgrader": {"grade": True, "solution": False, "points": 2, "grade_id": "a", "cell_type": "code"}
    }
    cell = new_code_cell("", metadata=header)
    for output in run.outputs:
        content = {key: value for key, value in output.items() if key != "output_type"}
        cell.outputs.append(
            output_from_msg({"header": {"msg_type": output["output_type"]}, "content": content})
        )
    return cell


def running_kernels() -> set[int]:
    """Return the kernels that this process started and that still run."""
    lines = {pid: Path("/proc", str(pid), "cmdline") for pid in stopwatch.family(os.getpid())}
    return {pid for pid, line in lines.items() if line.exists() and b"ipykernel" in line.read_bytes()}
