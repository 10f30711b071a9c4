"""The reverse proxy in front of the API, as a deployment has one: takes connections on the machines' network, ends TLS
there, and passes the bytes on to the API on this computer's loopback.
"""

import asyncio
import contextlib
import socket
import ssl
import threading

_CHUNK_BYTES = 64 * 1024


class Relay:
    """Runs from start to stop in a thread of its own. Closing it cuts its connections: the machines see the API go."""

    def __init__(self, listener: socket.socket, port: int, tls: ssl.SSLContext | None) -> None:
        self._listener = listener
        self._port = port
        self._tls = tls
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="relay")
        self._stopping = asyncio.Event()
        self._connections: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()
        self._listener.close()

    def _run(self) -> None:
        with contextlib.closing(self._loop):
            self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._connected, sock=self._listener, ssl=self._tls)
        await self._stopping.wait()
        server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            return
        self._connections.add(task)
        try:
            await self._pass_on(reader, writer)
        except asyncio.CancelledError:  # by stop; asyncio's server would log it as an error
            return
        finally:
            self._connections.discard(task)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Both ways at once, until either side ends. A refused or broken connection ends the other side too."""
        with contextlib.suppress(OSError):
            async with contextlib.AsyncExitStack() as open_writers:
                open_writers.push_async_callback(_close, writer)
                api_reader, api_writer = await asyncio.open_connection("127.0.0.1", self._port)
                open_writers.push_async_callback(_close, api_writer)
                ways = [asyncio.create_task(_copy(reader, api_writer)), asyncio.create_task(_copy(api_reader, writer))]
                try:
                    await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    for way in ways:
                        way.cancel()
                    await asyncio.gather(*ways, return_exceptions=True)


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while chunk := await source.read(_CHUNK_BYTES):
        target.write(chunk)
        await target.drain()


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
