"""python -m bench: every figure of one run, ratios first."""

import subprocess
import sys
import tempfile
from pathlib import Path

from bench import matching, public, service, startup

_ROOT = Path(__file__).parent.parent


def main() -> None:
    """Run everything; a folder given as argument holds the public sets (see bench/public.py)."""
    # Compiling takes minutes where nothing is compiled yet, and is no part of any figure.
    subprocess.run([sys.executable, "-m", "bot", "build"], cwd=_ROOT, check=True, stdout=subprocess.DEVNULL)
    texts = service.questions(_ROOT / "tests" / "dialogs")
    print(f"A realistic mix of {len(texts)} messages (70 % questions, 20 % off topic, 10 % small talk).\n")
    service.report(texts)
    startup.report()
    with tempfile.TemporaryDirectory() as folder:
        matching.report(_ROOT, texts, Path(folder))
    if len(sys.argv) > 1:
        public.report(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
