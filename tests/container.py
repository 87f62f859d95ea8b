"""Build the Dockerfile without a container engine: its steps are taken in folders that stand for file systems.

Absolute paths, unless quoted, are mapped into the stage's folder. What needs root is checked for its form, not
executed. The base image is taken to hold Python and a shell, which are this machine's.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from string import Template
from typing import Any

_ABSOLUTE = re.compile(r"(?:^|(?<=[\s=:]))/(?=[\w.])")
_SYSTEM_USER = re.compile(
    r"useradd --system --uid [1-9]\d{3,} --no-create-home --shell /usr/sbin/nologin [a-z]+"
)
_BASE = re.compile(r"(?P<image>python:3\.\d+-slim)(?: AS (?P<name>\w+))?")


@dataclass(frozen=True)
class Image:
    """What a stage became: its file system, and how it is run."""

    root: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    workdir: str = "/"
    user: str = "root"
    stop_signal: str = ""
    entrypoint: tuple[str, ...] = ()
    cmd: tuple[str, ...] = ()
    healthcheck: tuple[str, ...] = ()

    def mapped(self, text: str) -> str:
        """Map the absolute paths in *text* into the file system."""
        return _ABSOLUTE.sub(f"{self.root}/", text)

    def surroundings(self) -> dict[str, str]:
        """The environment of a process inside; of this machine's only what reaches the network."""
        outer = {
            name: value
            for name, value in os.environ.items()
            if re.match(r"(?i)(PIP_|UV_|SSL_|REQUESTS_|https?_proxy|no_proxy)", name)
        }
        inner = {"PATH": "/usr/local/bin", "HOME": "/root", **self.environ}
        mapped = {name: self.mapped(value) for name, value in inner.items()}
        return {**outer, **mapped, "PATH": f"{mapped['PATH']}:/usr/bin:/bin"}

    def start(self, command: tuple[str, ...], **more: str) -> "subprocess.Popen[bytes]":
        """Start *command* inside, with *more* variables set."""
        return subprocess.Popen(
            [self.mapped(one) for one in command],
            cwd=self.mapped(self.workdir),
            env={**self.surroundings(), **more},
        )


def build(context: Path, folder: Path) -> Image:
    """
    Take the steps of *context*'s Dockerfile in *folder*; give the last stage.

    Raises:
        ValueError: a step that has not the form it should have.
        subprocess.CalledProcessError: a step failed.
    """
    image = Image(folder / "root")
    stages: dict[str, Path] = {}
    stage = ""
    for name, rest in instructions((context / "Dockerfile").read_text("utf-8")):
        if name == "FROM":
            # Each stage has the same place while it is built, as paths inside are alike.
            if stage:
                stages[stage] = image.root.rename(folder / stage)
            image, stage = _base(image.root, rest)
        elif name == "COPY":
            _copy(image, rest, context, stages)
        elif name in _STEPS:
            image = _STEPS[name](image, rest)
        else:
            raise ValueError(f"no step is known for {name}")
    return image


def instructions(dockerfile: str) -> Iterator[tuple[str, str]]:
    """Give each instruction and what follows it, its lines joined."""
    lines = [line for line in dockerfile.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    for joined in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        name, _, rest = joined.partition(" ")
        yield name, rest.strip()


def ignored(path: str, patterns: list[str]) -> bool:
    """Whether a .dockerignore keeps *path* out: the last pattern that fits it or a parent decides."""
    parents = [path, *map(str, PurePosixPath(path).parents)]
    out = False
    for pattern in patterns:
        if any(_pattern(pattern.removeprefix("!")).fullmatch(one) for one in parents if one != "."):
            out = not pattern.startswith("!")
    return out


def _pattern(glob: str) -> re.Pattern[str]:
    parts = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile(
        "".join(parts.get(one, re.escape(one)) for one in re.findall(r"\*\*/|\*\*|.", glob.strip("/")))
    )


def _base(root: Path, rest: str) -> tuple[Image, str]:
    found = _BASE.fullmatch(rest)
    if not found:
        raise ValueError(f"the base image is none of Python's slim ones with a version: {rest}")
    python = root / "usr" / "local" / "bin" / "python"
    python.parent.mkdir(parents=True)
    interpreter = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    python.write_text(f'#!/bin/sh\nexec {interpreter} "$@"\n', "utf-8")
    python.chmod(0o755)
    (root / "root").mkdir()
    return Image(root), found["name"] or ""


def _run(image: Image, rest: str) -> Image:
    steps = [step.strip() for step in rest.split("&&")]
    for step in steps:
        if step.startswith(("useradd", "groupadd", "apt-get")) and not _SYSTEM_USER.fullmatch(step):
            raise ValueError(f"has not the form of a step as root: {step}")
    script = " && ".join(step for step in steps if not _SYSTEM_USER.fullmatch(step))
    subprocess.run(
        ["/bin/sh", "-ec", image.mapped(script)],
        cwd=image.mapped(image.workdir),
        env=image.surroundings(),
        check=True,
    )
    return image


def _copy(image: Image, rest: str, context: Path, stages: Mapping[str, Path]) -> None:
    *flags, sources, target = _flags(rest)
    place = image.root / PurePosixPath(image.workdir, target).relative_to("/")
    if flags:
        # From another stage as it is, links and all.
        root = stages[flags[0].removeprefix("--from=")]
        (source,) = sources
        shutil.copytree(root / source.lstrip("/"), place, symlinks=True)
        return
    patterns = (context / ".dockerignore").read_text("utf-8").split()
    for source in sources:
        whole = context / source
        files = [whole] if whole.is_file() else [path for path in whole.rglob("*") if path.is_file()]
        kept = [path for path in files if not ignored(path.relative_to(context).as_posix(), patterns)]
        if not kept:
            raise ValueError(f"COPY finds no {source}: .dockerignore keeps it out, or it is not there")
        for path in kept:
            below = path.name if path == whole else path.relative_to(whole)
            (place / below).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, place / below)


def _flags(rest: str) -> tuple[Any, ...]:
    words = shlex.split(rest)
    flags = [one for one in words if one.startswith("--")]
    *sources, target = words[len(flags) :]
    return (*flags, sources, target)


def _env(image: Image, rest: str) -> Image:
    pairs = dict(one.split("=", 1) for one in shlex.split(rest))
    known = {"PATH": "/usr/local/bin", **image.environ}
    return replace(
        image, environ={**known, **{name: Template(text).substitute(known) for name, text in pairs.items()}}
    )


def _workdir(image: Image, rest: str) -> Image:
    if not rest.startswith("/"):
        raise ValueError(f"WORKDIR is not absolute: {rest}")
    Path(image.mapped(rest)).mkdir(parents=True, exist_ok=True)
    return replace(image, workdir=rest)


def _healthcheck(image: Image, rest: str) -> Image:
    return replace(image, healthcheck=tuple(json.loads(rest.partition("CMD ")[2])))


_STEPS: dict[str, Callable[[Image, str], Image]] = {
    "CMD": lambda image, rest: replace(image, cmd=tuple(json.loads(rest))),
    "ENTRYPOINT": lambda image, rest: replace(image, entrypoint=tuple(json.loads(rest))),
    "ENV": _env,
    "EXPOSE": lambda image, _: image,
    "HEALTHCHECK": _healthcheck,
    "LABEL": lambda image, _: image,
    "RUN": _run,
    "STOPSIGNAL": lambda image, rest: replace(image, stop_signal=rest),
    "USER": lambda image, rest: replace(image, user=rest),
    "WORKDIR": _workdir,
}
