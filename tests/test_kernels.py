"""The channel to a kernel: no answer is missed, and none is waited for beyond its time."""

import asyncio
from contextlib import contextmanager
from queue import Empty

import pytest
import zmq
import zmq.asyncio
from jupyter_client.session import Session

from wockit.weekly.kernels import WatchfulChannel


@contextmanager
def connected(context, session):
    """A channel to a socket that plays the kernel, and that socket."""
    kernel, client = zmq.Context(context).socket(zmq.ROUTER), context.socket(zmq.DEALER)
    client.identity = b"client"
    client.connect(f"tcp://127.0.0.1:{kernel.bind_to_random_port('tcp://127.0.0.1')}")
    try:
        yield WatchfulChannel(client, session, None), kernel
    finally:
        for socket in (client, kernel):
            socket.close(linger=0)


def exchanged(work):
    """What a coroutine gives that is handed a channel, the kernel's socket and their session."""

    async def talk():
        session = Session(key=b"secret")
        with zmq.asyncio.Context() as context, connected(context, session) as (channel, kernel):
            session.send(channel.socket, "kernel_info_request")
            kernel.recv_multipart()
            return await work(channel, kernel, session)

    return asyncio.run(talk())


def test_an_answer_whose_wake_up_was_taken_is_found_all_the_same():
    async def work(channel, kernel, session):
        waiting = asyncio.ensure_future(channel.get_msg())
        await asyncio.sleep(0.1)
        session.send(kernel, "execute_reply", ident=b"client")
        plain = zmq.Socket.shadow(channel.socket.underlying)
        while not plain.getsockopt(zmq.EVENTS) & zmq.POLLIN:  # as a message sent past whoever waits does
            pass
        return await asyncio.wait_for(waiting, 30)

    assert exchanged(work)["header"]["msg_type"] == "execute_reply"


def test_what_does_not_come_in_time_is_not_waited_for():
    async def work(channel, kernel, session):
        with pytest.raises(Empty):
            await channel.get_msg(timeout=0.01)

    exchanged(work)
