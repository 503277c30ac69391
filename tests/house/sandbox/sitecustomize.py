"""Law 7 for the test process and every Python process that it starts: internet sockets are refused.

Python imports a module of this name at start-up, and `tests/conftest.py` puts this folder on PYTHONPATH. Each
try is also written into the file that the environment names, so that a swallowed error still fails the test.
"""

import os
import sys

# AF_INET and AF_INET6 of Linux, macOS and Windows; the socket module is not imported to look them up.
_INTERNET = (2, 10, 23, 30)
_CALLS = ("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname")


def _family(event: str, args: tuple[object, ...]) -> object:
    if event == "socket.__new__":
        return args[1]
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        return _INTERNET[0]
    return getattr(args[0], "family", None)


def _refuse(event: str, args: tuple[object, ...]) -> None:
    if event in _CALLS and _family(event, args) in _INTERNET:
        line = f"{event} {args[1:]!r}\n"
        tries = os.open(os.environ["MMDESK_TEST_NETWORK"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(tries, line.encode())
        os.close(tries)
        raise PermissionError(f"mmdesk's tests refuse the internet: {line}")


def refuse_internet() -> None:
    """Makes every try at an internet socket in this process fail, for good."""
    sys.addaudithook(_refuse)


if __name__ == "sitecustomize":
    refuse_internet()
