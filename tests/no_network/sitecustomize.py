"""Refuse every address but loopback, in each Python that has this folder on its PYTHONPATH."""

import socket

_connect, _connect_ex, _getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo


def _check(host):
    if isinstance(host, bytes):
        host = host.decode(errors="replace")
    if isinstance(host, str) and host not in ("127.0.0.1", "::1", "localhost", ""):
        raise OSError(101, f"Network is unreachable (refused while testing): {host}")


def connect(self, address):
    if isinstance(address, tuple):
        _check(address[0])
    return _connect(self, address)


def connect_ex(self, address):
    if isinstance(address, tuple):
        _check(address[0])
    return _connect_ex(self, address)


def getaddrinfo(host, *rest, **options):
    _check(host)
    return _getaddrinfo(host, *rest, **options)


socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo = connect, connect_ex, getaddrinfo
