"""When callbacks act: at every n-th epoch, at named epochs, and at the last one."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Schedule:
    """Which epochs, counted from 1, something happens at the end of.

    Args:
        every: int from 1, period in epochs.
        also_at: further epochs.

    Example:
        >>> [epoch for epoch in range(1, 8) if Schedule(3, also_at=(1,)).is_due(epoch, last=7)]
        [1, 3, 6, 7]
    """

    every: int
    also_at: tuple = ()

    def __post_init__(self):
        """Checks the period."""
        if self.every < 1:
            raise ValueError(f"Expected a period of at least 1 epoch. Received: every={self.every}")

    def is_due(self, epoch, last) -> bool:
        """Whether to act at the end of an epoch, of which ``last`` is the last of training."""
        return epoch % self.every == 0 or epoch in self.also_at or epoch == last
