"""A load client that costs little beside the server: plain sockets, keep-alive, one process."""

import asyncio
import json
import statistics
import time
from collections.abc import Sequence

import msgspec


class Load(msgspec.Struct, frozen=True):
    """What a run showed."""

    rate: float
    """Requests a second."""
    p50: float
    """Milliseconds."""
    p99: float
    sizes: tuple[int, ...]
    """Bytes of the bodies that came back."""


def bodies(texts: Sequence[str], country: str = "GB") -> list[bytes]:
    """Make a request body of each text."""
    return [json.dumps({"text": text, "country": country}, ensure_ascii=False).encode() for text in texts]


async def run(
    port: int, path: str, requests: Sequence[bytes], *, seconds: float, connections: int = 16
) -> Load:
    """Post *requests* in turn over *connections* to 127.0.0.1:*port* for *seconds*."""
    heads = [
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
        for body in requests
    ]
    times: list[float] = []
    sizes: list[int] = []
    begun = time.perf_counter()
    until = begun + seconds
    await asyncio.gather(*(_one(port, heads, number, until, times, sizes) for number in range(connections)))
    spent = time.perf_counter() - begun
    ordered = statistics.quantiles(times, n=100)
    return Load(len(times) / spent, ordered[49] * 1000, ordered[98] * 1000, tuple(sizes[: len(requests)]))


async def _one(
    port: int, heads: Sequence[bytes], number: int, until: float, times: list[float], sizes: list[int]
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    place = number * 7
    while time.perf_counter() < until:
        before = time.perf_counter()
        writer.write(heads[place % len(heads)])
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode(errors="replace"))
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        times.append(time.perf_counter() - before)
        sizes.append(length)
        place += 1
    writer.close()
    await writer.wait_closed()
