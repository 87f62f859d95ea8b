"""How long a start takes with and without a compiled artefact's being there."""

import os
import sys
import time
from pathlib import Path

from bench.service import free_port, server

_ROOT = Path(__file__).parent.parent
_RUNS = 3


def report() -> None:
    """Print the seconds until /readyz answers, compiled content and models being there."""
    for name, semantic in (("stage 1", "off"), ("both stages", "auto")):
        times = []
        for _ in range(_RUNS):
            port = free_port()
            begun = time.perf_counter()
            environ = {"SIGNPOST_PORT": str(port), "SIGNPOST_SEMANTIC": semantic, "PATH": os.environ["PATH"]}
            with server([sys.executable, "-m", "bot", "serve"], port, environ, "/readyz"):
                times.append(time.perf_counter() - begun)
        print(f"start, compiled, {name}: {sorted(times)[_RUNS // 2]:.2f} s until ready (median of {_RUNS})")
