"""gunicorn's worker with threads, with a timeout for each wait for a client.

gunicorn relies on a proxy that passes on complete requests only. Without one, a few
connections that send a part of a request and then nothing would occupy every thread.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from gunicorn import util
from gunicorn.http import get_parser
from gunicorn.http.errors import NoMoreData
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import _DEFER, TConn, ThreadWorker

from config.middleware import bytes_at_most
from operate.connections import open_connections
from operate.turns import Turns, by_turns

AT_ONCE = 4  # requests that the site works on in one process
PATIENCE = 1.0  # seconds; a request that takes longer keeps nobody waiting
AFTER_OTHERS = 0.005  # seconds in which others may take a new connection
LARGE_BODIES = BoundedSemaphore(2)  # of pictures and files, in each process


class TooSlow(NoMoreData):
    """A request, or its next piece, did not arrive in time."""


class TimedUnreader(SocketUnreader):
    """Reads a request from a socket.

    Raises TooSlow when the time for the next piece or for the whole request is over.
    """

    def __init__(self, sock: Any) -> None:
        super().__init__(sock)
        self.begin()

    def begin(self) -> None:
        """Start the timeouts of the next request."""
        self.is_late = False
        self.ends = time.monotonic() + settings.REQUEST_SECONDS

    def chunk(self, size_hint: int | None = None) -> bytes:
        left = self.ends - time.monotonic()
        if left <= 0:
            self.is_late = True
            raise TooSlow
        before = self.sock.gettimeout()
        self.sock.settimeout(min(left, settings.REQUEST_IDLE_SECONDS))
        try:
            return super().chunk(size_hint)
        except TimeoutError:
            self.is_late = True
            raise TooSlow from None
        finally:
            self.sock.settimeout(before)


class TimedWorker(ThreadWorker):
    """gunicorn's worker with threads.

    A thread takes a connection when a request begins to come,
    never before. The site works on a few requests at once.
    """

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self.wsgi = by_turns(self.app.wsgi(), Turns(AT_ONCE, PATIENCE))

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        open_connections.note(self.age, self.nr_conns)
        super().wait_for_and_dispatch_events(timeout)

    def accept(self, listener: Any) -> None:
        """As gunicorn's, after the processes that have fewer connections.

        The wait is short: they may be busy, or about to end.
        """
        if not open_connections.has_fewest(self.nr_conns):
            time.sleep(AFTER_OTHERS)
        super().accept(listener)
        open_connections.note(self.age, self.nr_conns)

    def handle(self, conn: TConn) -> Any:
        """Like gunicorn's, but a request that is too slow is answered with 408.

        Connections are closed here, in their thread.
        """
        if not conn.initialized and not conn.data_ready and not conn.wait_for_data(0):
            return _DEFER
        if conn.parser is None:
            conn.parser = get_parser(conn.cfg, conn.sock, conn.client)
            conn.parser.unreader = TimedUnreader(conn.sock)
        conn.parser.unreader.begin()
        result = super().handle(conn)
        if not result:
            if conn.parser.unreader.is_late:
                with suppress(OSError):
                    util.write_error(
                        conn.sock,
                        HTTPStatus.REQUEST_TIMEOUT,
                        HTTPStatus.REQUEST_TIMEOUT.phrase,
                        "",
                    )
            util.close_graceful(conn.sock)
        return result

    def handle_request(self, req: Any, conn: TConn) -> bool:
        """Like gunicorn's, but the body is read before the site is called.

        Raises TooSlow.
        """
        if req._expected_100_continue:
            conn.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            req._expected_100_continue = False
        size = size_to_read(req)
        with self.room_for(size, conn):
            body = req.body.read(size)
            # nothing else is in it: the site reads the body from there
            req.body.buf.write(body)
            # the timeout for a client that does not read the answer
            conn.sock.settimeout(settings.REQUEST_SECONDS)
            try:
                return bool(super().handle_request(req, conn))
            except TimeoutError:
                raise NoMoreData from None
            finally:
                conn.parser.unreader.is_late = False  # the answer has begun

    @contextmanager
    def room_for(self, size: int, conn: TConn) -> Iterator[None]:
        """Until the request is answered, this process keeps its body: of large ones a few
        at once. Raises TooSlow if none of them ends in time.
        """
        if size <= settings.BODY_BYTES_MAX:
            yield
            return
        if not LARGE_BODIES.acquire(timeout=settings.REQUEST_IDLE_SECONDS):
            conn.parser.unreader.is_late = True
            raise TooSlow
        try:
            yield
        finally:
            LARGE_BODIES.release()

    def finish_request(self, conn: TConn, fs: Any) -> None:
        """Like gunicorn's, which would wait for each client to disconnect, in the only
        thread that accepts new connections.
        """
        if fs.cancelled() or fs.exception() or not fs.result():
            self.nr_conns -= 1
            util.close(conn.sock)
        else:
            super().finish_request(conn, fs)


def size_to_read(req: Any) -> int:
    """The number of bytes of the body to read; 0 if the site refuses a body of this size,
    or if no size is stated, since the site then reads none.
    """
    stated = dict(req.headers).get("CONTENT-LENGTH", "0")
    # the site reads the path without its escapes
    path = unquote(req.path, "latin-1")
    if not stated.isdecimal() or int(stated) > bytes_at_most(path):
        return 0
    return int(stated)
