"""Ctrl-C and SIGTERM as a request: finish the step, save, stop."""

import contextlib
import signal


@contextlib.contextmanager
def stop_on_signals():
    """Turns the first SIGINT or SIGTERM into a flag; a second one acts as it always did.

    A signal that came too late for anyone to ask is sent again at the end: a program
    that trains several models one after the other should not start the next.

    Yields:
        Callable without arguments, whether a signal has come. Outside of the main thread, where
        Python allows no handlers, it never does.
    """
    received, told = [], []
    previous = {}

    def has_come():
        told.extend(received)
        return bool(received)

    def handle(number, frame):
        received.append(number)
        signal.signal(number, previous[number])

    with contextlib.suppress(ValueError):
        for number in (signal.SIGINT, signal.SIGTERM):
            previous[number] = signal.signal(number, handle)
    try:
        yield has_come
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
    if received and not told:
        signal.raise_signal(received[0])
