"""A connection between two processes of one machine that both know a key; messages are JSON, never pickled objects."""

import json
import os
import socket
import struct
from contextlib import suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, answer_challenge, deliver_challenge
from typing import Any, Final

HOST: Final = "127.0.0.1"
INTRODUCTION: Final = 5
"""Seconds in which the other side has to prove that it knows the key."""

BROKEN: Final = (OSError, EOFError)
"""What sending and receiving raise when the other side is gone."""


class Stranger(Exception):
    """The other side does not know the key, or says nothing."""


class Channel:
    """Sends and receives JSON values over a connected socket, which it owns."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        connected.setblocking(True)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection: Connection[bytes, bytes] = Connection(os.dup(connected.fileno()))

    def prove(self, key: bytes, *, first: bool) -> None:
        """Have both sides prove that they know the key; `first` lets the other side prove it first.

        Raises:
            Stranger: it does not, or not in time.
        """
        steps = (deliver_challenge, answer_challenge) if first else (answer_challenge, deliver_challenge)
        self._wait_at_most(INTRODUCTION)
        try:
            for step in steps:
                step(self._connection, key)
        except (*BROKEN, AuthenticationError, AssertionError) as error:
            raise Stranger from error
        self._wait_at_most(0)

    def send(self, value: Any) -> None:
        """Send one JSON value; OSError when the other side is gone."""
        self._connection.send_bytes(json.dumps(value, separators=(",", ":")).encode("utf-8", "surrogatepass"))

    def receive(self) -> Any:
        """Wait for one JSON value; EOFError or OSError when the other side is gone."""
        return json.loads(self._connection.recv_bytes().decode("utf-8", "surrogatepass"))

    def close(self) -> None:
        """End the connection; whoever waits on it here is woken."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _wait_at_most(self, seconds: int) -> None:
        """Bound every wait for the other side; 0 takes the bound away."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", seconds, 0))
