"""How much is tried: a little and the same each time, or, for ``long``, much.

HYPOTHESIS_PROFILE=long python -m pytest tests/hostile
"""

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.hostile.worker import FINE, Worker

# A time limit for each example is the worker's; one of hypothesis' would be the machine's.
SHARED = {
    "deadline": None,
    "database": None,
    "derandomize": True,
    "suppress_health_check": list(HealthCheck),
}
settings.register_profile("short", max_examples=15, **SHARED)
settings.register_profile("long", max_examples=2000, **SHARED)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))


@pytest.fixture(scope="session")
def fine():
    """Has a process of little memory read what might end it; returns "read" or "refused: …"."""
    worker = Worker()

    def fine(task, content):
        outcome = worker.outcome(task, content)
        assert outcome.startswith(FINE), f"{task}: {outcome}"
        return outcome

    yield fine
    worker.stop()
