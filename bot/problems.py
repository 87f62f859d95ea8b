"""Problem: a finding about content, with the place and the mend."""

import msgspec


class Problem(msgspec.Struct, frozen=True, order=True):
    """One thing that is wrong with a content file."""

    path: str
    """Path relative to the project's root."""
    line: int
    """Line in the file, from 1; 0 where the finding is about the whole file."""
    what: str
    """What is wrong, in an editor's words."""
    mend: str
    """How to mend it."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}; {self.mend}"
