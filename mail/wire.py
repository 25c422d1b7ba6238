"""What this machine knows about a TCP connection: whether the other side has received
everything, and is still there.

Pure: it knows sockets, no mail. Works for plain and TLS sockets.
"""

import fcntl
import select
import socket
import ssl
import struct
import sys
import time

SO_NWRITE = 0x1024  # macOS, sys/socket.h: bytes that are not received yet
FIRST_PAUSE, LONGEST_PAUSE = 0.000_05, 0.005  # seconds
# seconds that the other side's program gets to read what its machine has received
READ_WITHIN = 0.000_5


class HungUp(ConnectionError):
    """The other side closed or reset the connection."""


class SpokeEarly(Exception):
    """The other side said something when it was not its turn. The bytes are the only argument."""


def unreceived(sock: socket.socket) -> int:
    """How many of the bytes that were sent the other side has not acknowledged; 0 where
    the system does not tell.
    """
    try:
        if sys.platform == "darwin":
            return sock.getsockopt(socket.SOL_SOCKET, SO_NWRITE)
        if sys.platform == "linux":
            import termios

            return int(
                struct.unpack(
                    "i", fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, b"\0" * 4)
                )[0]
            )
    except OSError:
        pass
    return 0


def check(sock: socket.socket) -> None:
    """Raises HungUp or SpokeEarly when there is anything to read, also through TLS.
    Returns at once.

    What is read is lost: after either exception the connection must be dropped.
    """
    timeout = sock.gettimeout()
    sock.settimeout(0)
    try:
        words = sock.recv(4096)
    except (BlockingIOError, ssl.SSLWantReadError):
        return
    except OSError as error:
        raise HungUp(str(error) or type(error).__name__) from error
    finally:
        sock.settimeout(timeout)
    if words:
        raise SpokeEarly(words)
    raise HungUp("Connection closed by the mail server")


def wait_until_received(sock: socket.socket, seconds: float) -> float:
    """Wait until the other side has acknowledged every byte; when that was, by the
    monotonic clock.

    Raises HungUp, SpokeEarly, or TimeoutError.
    """
    until = time.monotonic() + seconds
    pause = FIRST_PAUSE
    while unreceived(sock):
        check(sock)
        if time.monotonic() > until:
            raise TimeoutError("The mail server stopped reading")
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)
    check(sock)
    return time.monotonic()


def wait_until_read(sock: socket.socket, received_at: float) -> None:
    """Give the other side's program until READ_WITHIN after `received_at` to hang up on
    what it reads. What was done since counts, so mostly nothing is waited for.

    Raises HungUp or SpokeEarly.
    """
    left = received_at + READ_WITHIN - time.monotonic()
    if left > 0:
        hang_up = select.poll()  # select() knows no file numbers above 1023
        hang_up.register(sock, select.POLLIN)
        hang_up.poll(left * 1000)
    check(sock)
