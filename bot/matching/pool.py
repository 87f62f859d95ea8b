"""Processes to train in: one for each core, with one thread of arithmetic each."""

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from threading import Thread


@contextmanager
def processes(workers: int | None) -> Iterator[Executor]:
    """Give *workers* fresh processes, as many as there are cores where None; they end with this one."""
    # Fresh processes, one thread of arithmetic each: several would fight for the same cores.
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "1"))
    try:
        count = workers or os.cpu_count() or 1
        with ProcessPoolExecutor(
            count, mp_context=get_context("spawn"), initializer=_die_with_parent
        ) as pool:
            yield pool
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _die_with_parent() -> None:
    # A parent that is killed cannot shut its pool down: its workers would wait for work for ever.
    parent = parent_process()
    if parent is not None:
        Thread(target=_exit_after, args=(parent,), daemon=True).start()


def _exit_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
