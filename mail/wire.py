"""The state of a TCP connection: whether the peer has received everything, and whether
it is still connected.

Pure: it knows sockets, no mail. Works for plain and TLS sockets.
"""

import fcntl
import socket
import ssl
import struct
import sys
import time

SO_NWRITE = 0x1024  # macOS, sys/socket.h: bytes that are not received yet
FIRST_PAUSE, LONGEST_PAUSE = 0.000_05, 0.005  # seconds
# seconds in which the peer's program can read what its machine has received
READ_WITHIN = 0.000_5


class HungUp(ConnectionError):
    """The peer closed or reset the connection."""


class SpokeEarly(Exception):
    """The peer sent something before its turn. The bytes are the only argument."""


def unreceived(sock: socket.socket) -> int:
    """The number of bytes that were sent and not acknowledged; 0 if the system does not
    say.
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
    """Raise HungUp or SpokeEarly if there is anything to read, also through TLS.
    Does not wait.

    What is read is lost, so the connection must be dropped after either exception.
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
    """Wait until the peer has acknowledged every byte, at most `seconds`. Return the
    time of the monotonic clock.

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
    """Wait until READ_WITHIN after `received_at`, in case the peer hangs up on what it
    reads. Mostly that time has passed already.

    Raises HungUp or SpokeEarly.
    """
    left = received_at + READ_WITHIN - time.monotonic()
    if left > 0:
        time.sleep(left)  # poll() would wait for whole milliseconds
    check(sock)
