"""When callbacks act: at certain epochs, or after so many training images."""

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


class ImageSchedule:
    """Readings at the ends of epochs, one whenever so many further training images were seen.

    Args:
        every: int from 1, period in training images.

    Example:
        >>> schedule = ImageSchedule(40)
        >>> [seen for seen in range(0, 100, 16) if schedule.is_due(seen)]
        [48, 80]
    """

    def __init__(self, every):
        if every < 1:
            raise ValueError(f"Expected every_images from 1. Received: {every}")
        self.every = every
        self.resume(0)

    def resume(self, images):
        """Continues after a reading at so many images.

        A model that is restored within an epoch may have seen more: its end gets a reading, too.
        """
        self._next = (images // self.every + 1) * self.every

    def is_due(self, images, is_last=False) -> bool:
        """Whether to take a reading now; the end of the last epoch always gets one."""
        if images < self._next and not is_last:
            return False
        self.resume(images)
        return True
