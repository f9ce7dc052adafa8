"""Kernels that start fast: forked from the calling process, and used as soon as they answer.

A fork starts, imports and reads nothing again. Kernels are forked inside `forking` only, which suits a process that
makes reports and has one thread: the command line and a run of the fleet. A provisioner of `jupyter_client` does it,
found by its entry point under `NAME`. Where processes cannot be forked, its kernels are plain ones.
"""

import asyncio
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from queue import Empty
from typing import Any, NoReturn

from jupyter_client import AsyncKernelClient, AsyncKernelManager
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.kernelspec import NoSuchKernel
from jupyter_client.provisioning import LocalProvisioner
from traitlets import Type
from zmq import ZMQError

from wockit.answers import answers_kept
from wockit.show.page import prepare

NAME = "wockit-forked"


CAN_FORK = sys.platform.startswith("linux")
"""Windows has no fork, and on a Mac libraries that began to work do not survive one."""


CANNOT_START = (RuntimeError, NoSuchKernel, ZMQError)
"""What is raised where a kernel cannot be started."""


LOOKS_EVERY = 1.0
"""How often a waiting client looks for messages that nothing woke it for [s]."""


SELDOM = (50_000, 20, 100)
"""When garbage is looked for, as `gc.set_threshold` has it: a report makes little, and it takes time."""


_forking: list[bool] = []


@contextmanager
def forking() -> Iterator[None]:
    """Fork the kernels that are started in here from this process; they find what it has loaded and analysed."""
    _forking.append(True)
    usual = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        with answers_kept():
            yield
    finally:
        gc.set_threshold(*usual)
        _forking.pop()


class Forked:
    """A forked child, with as much of `subprocess.Popen` as a provisioner needs."""

    stdin = stdout = stderr = None

    def __init__(self, work: Callable[[], object]):
        self.returncode: int | None = None
        self.pid = os.fork()
        if not self.pid:
            _do(work)

    def poll(self) -> int | None:
        """Exit code, negative for a signal; None while it runs."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self) -> int:
        """Exit code, as soon as there is one."""
        while self.poll() is None:
            time.sleep(0.005)
        return self.returncode or 0

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


def _do(work: Callable[[], object]) -> NoReturn:
    """In the child: do the work and end, without a step back into what the parent was doing."""
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)


class ForkedProvisioner(LocalProvisioner):  # type: ignore[misc]
    """Starts a kernel as a fork of this very process."""

    async def kill(self, restart: bool = False) -> None:
        """End the kernel and wait for it, which takes a moment only."""
        await super().kill(restart)
        if isinstance(self.process, Forked):
            self.process.wait()

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork and become a kernel, with the arguments of the command that would have started one."""
        if not CAN_FORK:
            return await super().launch_kernel(cmd, **kwargs)
        answer, ready = os.pipe()
        kernel: Any = Forked(lambda: _become_kernel(cmd, kwargs["env"], kwargs.get("cwd"), ready))
        os.close(ready)
        os.read(answer, 1)  # it can be reached now, or it is dead: a client that knocks earlier tries again late
        os.close(answer)
        threading.Thread(target=prepare).start()  # while the kernel works
        self.process, self.pid, self.pgid, self.cwd = kernel, kernel.pid, None, kwargs.get("cwd")
        return self.connection_info


class WatchfulChannel(AsyncZMQSocketChannel):  # type: ignore[misc]
    """A channel that looks for messages once a second.

    Whoever waits is woken once for all that has come. A widget sends its message past whoever waits, and takes the
    wake-up of an answer that comes at the same moment: a cell that was done ran into its time limit.
    """

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        """The next message, as soon as there is one.

        Raises
        ------
        queue.Empty
            If none comes in time [s].
        """
        end = time.monotonic() + (float("inf") if timeout is None else timeout)
        while True:
            left = end - time.monotonic()
            try:
                message: dict[str, Any] = await super().get_msg(timeout=min(max(left, 0.0), LOOKS_EVERY))
                return message
            except Empty:
                if left <= LOOKS_EVERY:
                    raise


class PromptClient(AsyncKernelClient):  # type: ignore[misc]
    """A client that goes ahead as soon as the kernel answers on both channels, and does not wait for it to be silent.

    What the kernel still says about its start belongs to no cell, and whoever runs cells leaves it out.
    """

    shell_channel_class = Type(WatchfulChannel)

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait for the kernel.

        Raises
        ------
        RuntimeError
            If it is dead, or does not answer in time [s].
        """
        end = time.monotonic() + (timeout or float("inf"))
        while time.monotonic() < end and await self.parent.is_alive():
            self.kernel_info()
            with suppress(Empty):
                await self.get_shell_msg(timeout=1)
                await self.get_iopub_msg(timeout=1)
                return
        raise RuntimeError("the kernel died or did not answer")


class PromptManager(AsyncKernelManager):  # type: ignore[misc]
    """Makes such clients, and forks its kernel where that is asked for."""

    client_factory = Type(PromptClient)

    @property
    def kernel_spec(self) -> Any:
        """Specification that starts the kernel."""
        spec = super().kernel_spec
        if _forking:
            spec.metadata = {**spec.metadata, "kernel_provisioner": {"provisioner_name": NAME}}
        return spec


def _become_kernel(command: Sequence[str], environment: dict[str, str], folder: str | None, ready: int) -> None:
    from ipykernel.kernelapp import IPKernelApp

    for number in (signal.SIGALRM, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    asyncio._set_running_loop(None)
    asyncio.set_event_loop(None)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder or ".")
    arguments = command[command.index("ipykernel_launcher") + 1 :]
    kernel = IPKernelApp.instance()
    kernel.initialize([*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"])
    os.close(ready)
    kernel.start()
