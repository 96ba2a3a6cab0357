"""The callbacks that write a run directory, in their order, and what they do at its end."""

import dataclasses

from tfgan_lab import callbacks as cb


@dataclasses.dataclass
class RunCallbacks:
    """What a run does besides training.

    Args:
        writers: list of callbacks that log and show, in their order; ``None`` for one that isn't
            wanted.
        release: ``GeneratorRelease``.
        checkpoints: ``Checkpoints``.
        diagnosis: the ``Diagnosis`` among the writers, or ``None``.
        evaluation: the ``Evaluate`` among the writers, or ``None``.
        guard: ``FiniteGuard``.
    """

    writers: list
    release: cb.GeneratorRelease
    checkpoints: cb.Checkpoints
    diagnosis: cb.Diagnosis | None = None
    evaluation: cb.Evaluate | None = None
    guard: cb.FiniteGuard = dataclasses.field(default_factory=cb.FiniteGuard)

    def in_order(self, others) -> list:
        """All of them, with further callbacks before those that save.

        Args:
            others: list of callbacks.
        """
        writers = [callback for callback in self.writers if callback is not None]
        return [self.guard, *writers, *others, self.release, self.checkpoints]

    @property
    def must_go_back(self) -> bool:
        """Whether the run failed, and goes back to an earlier state when it does."""
        return (
            self.diagnosis is not None
            and self.diagnosis.on_failure == "rollback"
            and self.diagnosis.has_failed
        )

    def was_stopped(self, model) -> bool:
        """Whether the run of a restored model was stopped right there, for its verdict.

        Args:
            model: ``AdversarialModel``.
        """
        return self.diagnosis is not None and self.diagnosis.has_stopped(model)

    def go_back(self, model):
        """Takes a model back to before its failure; for one that was killed before it was.

        Args:
            model: ``AdversarialModel`` in the state that failed.
        """
        self.diagnosis.set_model(model)
        if self.evaluation is not None:
            self.evaluation.set_model(model)
        self.diagnosis.go_back()
        self.save_and_close()

    def save_and_close(self):
        """Releases and saves the model of a training that was stopped, or has gone back."""
        if self.must_go_back and self.evaluation is not None:
            self.evaluation.take_back()
        self.release.release()
        if self.must_go_back:
            self.checkpoints.keep_only_this()
        else:
            self.checkpoints.save()

    def say_verdict(self, images):
        """Prints what the diagnosis says, and which generator was released if that was chosen.

        Args:
            images: int, training images that the run has seen.
        """
        if self.diagnosis is not None and self.diagnosis.verdict is not None:
            print(self.diagnosis.verdict)
        if self.evaluation is not None and self.evaluation.readings.entries:
            print(self.evaluation.readings.describe(images))
