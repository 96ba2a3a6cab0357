"""What the console shows while something takes long, and how much of it."""

import contextlib
import contextvars
import sys

LEVELS = ("quiet", "normal", "verbose")
_level = contextvars.ContextVar("verbosity", default="normal")


@contextlib.contextmanager
def verbosity(level):
    """Sets how much is shown within the block.

    Args:
        level: ``"quiet"`` for results alone; ``"normal"`` for progress at a terminal, and none in
            a file; ``"verbose"`` for progress wherever the output goes.

    Raises:
        ValueError: another level.
    """
    if level not in LEVELS:
        raise ValueError(f"Expected a verbosity out of {', '.join(LEVELS)}. Received: {level!r}")
    token = _level.set(level)
    try:
        yield
    finally:
        _level.reset(token)


def is_quiet() -> bool:
    """Whether results alone are to be shown."""
    return _level.get() == "quiet"


def shows_progress() -> bool:
    """Whether progress is to be shown: where a person looks, or has asked for it."""
    return _level.get() == "verbose" or (_level.get() == "normal" and sys.stderr.isatty())


@contextlib.contextmanager
def progress(task, unit="images", done=0):
    """Shows a bar on standard error, with the time that is left and the speed.

    Args:
        task: str, what is done, such as ``"Inspecting"``.
        unit: str, what is counted, in the plural.
        done: int, how much of it was done before and doesn't count for the speed.

    Yields:
        Function of (done, total), to be called as often as one likes, which shows
        nothing where no progress is to be shown.

    Example:
        >>> with progress("Counting", unit="sheep") as update:
        ...     for index in range(3):
        ...         update(index + 1, 3)
    """
    if not shows_progress():
        yield lambda done, total: None
        return
    # Here, because it is seldom needed where the package is imported.
    from tqdm import tqdm

    # leave=None: one within another, such as an evaluation while training, goes when it is over.
    with tqdm(
        desc=task, unit=f" {unit}", initial=done, total=0, dynamic_ncols=True, file=sys.stderr,
        leave=None,
    ) as bar:  # fmt: skip
        # It would take fewer than its own ten updates a second as a reason for a thread.
        bar.monitor_interval = 0

        def update(done, total):
            bar.total = total
            bar.update(done - bar.n)

        yield update


def duration(seconds) -> str:
    """A time in words.

    Args:
        seconds: float.

    Example:
        >>> duration(90), duration(9000)
        ('1.5 minutes', '2.5 hours')
    """
    minutes = seconds / 60
    return f"{minutes:.1f} minutes" if minutes < 120 else f"{minutes / 60:.1f} hours"


def suggest(*commands) -> None:
    """Prints the commands that make sense next, unless it is quiet.

    Args:
        *commands: str, each a command line.
    """
    if commands and not is_quiet():
        print("Next:\n" + "\n".join(f"  {command}" for command in commands))
