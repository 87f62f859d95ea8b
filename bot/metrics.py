"""Counts for operators: how many, how fast, how urgent; never who and never what."""

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)


class Metrics:
    """The counters of one process; *shared* is the folder through which workers add theirs up."""

    def __init__(self, shared: str | None = None) -> None:
        self._registry = CollectorRegistry()
        own = None if shared else self._registry
        self._shared = shared
        self._requests = Counter("signpost_requests", "Requests answered", ["route", "status"], registry=own)
        self._seconds = Histogram(
            "signpost_request_seconds", "Seconds until the answer", ["route"], buckets=_BUCKETS, registry=own
        )
        self._messages = Counter(
            "signpost_messages",
            "Messages answered",
            ["channel", "outcome", "severity", "language", "stage"],
            registry=own,
        )
        self._failures = Counter(
            "signpost_failures", "Messages answered with the static emergency block", registry=own
        )
        self._feedback = Counter("signpost_feedback", "Thumbs up and down", ["helpful"], registry=own)
        self._deliveries = Counter(
            "signpost_deliveries", "What became of platform messages", ["channel", "result"], registry=own
        )
        self._rejected = Counter(
            "signpost_rejected", "Webhook requests turned away", ["channel", "reason"], registry=own
        )
        self._children: dict[tuple[str, ...], tuple[Counter, Histogram]] = {}
        self._counted: dict[tuple[str, ...], Counter] = {}
        if shared:
            MultiProcessCollector(self._registry, path=shared)  # type: ignore[no-untyped-call]  # it registers itself; the library has no types here

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        key = (route, str(status))
        found = self._children.get(key)
        if found is None:
            found = self._children[key] = (self._requests.labels(*key), self._seconds.labels(route))
        found[0].inc()
        found[1].observe(seconds)

    def message(
        self, channel: str, outcome: str, severity: str, language: str, stage: int, *, failed: bool
    ) -> None:
        """Count one message."""
        key = (channel, outcome, severity, language, str(stage))
        found = self._counted.get(key)
        if found is None:
            found = self._counted[key] = self._messages.labels(*key)
        found.inc()
        if failed:
            self._failures.inc()

    def feedback(self, *, helpful: bool) -> None:
        """Count a thumb."""
        self._feedback.labels("yes" if helpful else "no").inc()

    def delivery(self, channel: str, result: str) -> None:
        """Count what became of a platform's message: sent, duplicate, retry, blocked, failed, ignored."""
        self._deliveries.labels(channel, result).inc()

    def rejected(self, channel: str, reason: str) -> None:
        """Count a webhook request that was turned away."""
        self._rejected.labels(channel, reason).inc()

    def render(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self._registry)
