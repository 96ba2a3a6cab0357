"""The smallest training of a kind of model, as people start it, told to break at a certain point.

    python -m benchmarks.faults.child KIND RUN_DIR [--breaks=WHAT:WHERE] [--flags]

It goes through the command line's own door, so that exit codes and sentences are the real ones.
Around every checkpoint it prints ``SAVING step`` and ``SAVED step``; after the second, that step
must never be lost.
"""

import functools
import os
import pkgutil
import shutil
import sys

from tfgan_lab.command_line.flags import config_from_flags, define_run_flags
from tfgan_lab.command_line.main import main, run_command
from tfgan_lab.command_line.quiet import import_tensorflow

EVERY_SECONDS = 0.05  # between two checkpoints, so that most kills hit one or come soon after

_SHARED = [
    "--drawn=plates", "--num_drawn=8", "--epochs=60", "--snapshot_every=15",
    "--checkpoint_every=2", "--diagnose_every=160", "--ema_half_life_images=20",
    "--precision=float32",
]  # fmt: skip
_GAN = [
    "--preset=light", "--image_size=16", "--batch_size=4", "--generator_widths=4,4",
    "--discriminator_widths=4", "--latent_size=4", "--label_noise=0.05",
]  # fmt: skip
_TRANSLATOR = [
    "--image_size=32", "--generator_width=2", "--num_blocks=1", "--num_halvings=1",
    "--discriminator_width=2", "--batch_size=2",
]  # fmt: skip
KINDS = {
    "gan": [*_SHARED, *_GAN],
    "conditional": [*_SHARED[2:], *_GAN, "--conditional"],  # Its images are a file.
    "cyclegan": [
        *_SHARED, *_TRANSLATOR, "--model=cyclegan", "--patch_size=16", "--pool_size=4"
    ],
    "stargan": [*_SHARED, *_TRANSLATOR, "--model=stargan", "--domains=red,blue,grey"],
}  # fmt: skip

# Who writes what: where it is found, its method, and before which call of it the disk gets full.
WRITERS = {
    "config": ("tfgan_lab.runs.training.directory:RunDirectory", "open", 1),
    "log": ("tfgan_lab.callbacks:CsvLog", "on_epoch_end", 2),
    "snapshot": ("tfgan_lab.callbacks:ImageSnapshots", "on_epoch_end", 15),
    "readings": ("tfgan_lab.callbacks.diagnosis_record:DiagnosisRecord", "append", 2),
    "verdict": ("tfgan_lab.callbacks.diagnosis_record:DiagnosisRecord", "write", 2),
    "events": ("tfgan_lab.callbacks:TensorBoardLog", "on_epoch_end", 2),
    "generator": ("tfgan_lab.callbacks:GeneratorRelease", "release", 2),
    "checkpoint": ("tfgan_lab.callbacks:Checkpoints", "save", 2),
    "page": ("tfgan_lab.reports.run_page", "write_report", 1),
    "measures": ("tfgan_lab.callbacks.evaluate", "append_evaluations", 2),
    "best_generator": ("tfgan_lab.callbacks.released_generators:ReleasedGenerators", "keep", 1),
    "maps": ("tfgan_lab.callbacks:DiscriminatorMaps", "on_epoch_end", 20),
}
# What they need to write at all. None of it changes the run itself.
FLAGS_OF_WRITERS = {
    "measures": ("--evaluate_every=160",),
    "best_generator": ("--evaluate_every=160",),
    "maps": ("--maps_every=20",),
}


class Translation:
    """The verb ``train`` of translators, without the measuring that follows it."""

    USAGE = "usage: see experiments.translation"

    @staticmethod
    def define_flags(values):
        """The flags of a translator's run."""
        from tfgan_lab.runs import TranslationConfig

        define_run_flags(values, TranslationConfig)

    @staticmethod
    def run(arguments, values):
        """Trains, and writes the page."""
        from tfgan_lab.reports.run_page import reported
        from tfgan_lab.runs import TranslationConfig, train_translation

        config = config_from_flags(values, TranslationConfig)
        with reported(config.run_dir):
            train_translation(config, overwrite=values.overwrite)


def told_checkpoints():
    """Has checkpoints say when they begin and when they are complete, and come often."""
    from tfgan_lab import callbacks as cb

    save = cb.Checkpoints.save

    def told(self):
        step = int(self.model.step.numpy())
        print(f"SAVING {step}", flush=True)
        save(self)
        print(f"SAVED {step}", flush=True)

    cb.Checkpoints.save = told
    cb.Checkpoints.__init__ = functools.partialmethod(
        cb.Checkpoints.__init__, every_seconds=EVERY_SECONDS
    )


def before(owner, method, call, action):
    """Has something happen right before a certain call of a method, counted from 1."""
    original, calls = getattr(owner, method), []

    def broken(self, *arguments, **named):
        calls.append(None)
        if len(calls) == call:
            action(self)
        return original(self, *arguments, **named)

    setattr(owner, method, broken)


def full_disk(limit=100):
    """From now on no file of this process may get longer than so many bytes, native code's too."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))


def little_memory(megabytes):
    """From now on this process may have so much more memory than it has."""
    import resource

    with open("/proc/self/statm") as file:
        pages = int(file.read().split()[0])
    limit = pages * os.sysconf("SC_PAGE_SIZE") + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))


def jumping_clock(year=365 * 24 * 3600.0):
    """The clock on the wall goes back and forth by a year at every look."""
    import itertools
    import time

    true_time, signs = time.time, itertools.cycle((-1, 1))
    time.time = lambda: true_time() + next(signs) * year


def poisoned_data(step):
    """The images of one step, counted from 0, are not numbers."""
    import numpy as np
    import tensorflow as tf

    from tfgan_lab.data import ImageSet

    def spoiled(dataset, start_step):
        def spoil(index, batch):
            factor = tf.where(index + start_step == step, np.nan, 1.0)
            return {
                name: value * tf.cast(factor, value.dtype) if value.dtype.is_floating else value
                for name, value in batch.items()
            }

        return dataset.enumerate().map(spoil)

    original = ImageSet.dataset  # Of which a translator's data set is made as well.
    ImageSet.dataset = lambda self, start_step=0, **options: spoiled(
        original(self, start_step, **options), start_step
    )


def prepare(breaks):
    """Arranges what ``--breaks`` says.

    Args:
        breaks: ``full:WRITER``, ``removed:WRITER``, ``memory:MEGABYTES``, ``clock`` or
            ``nan:STEP``.
    """
    from tfgan_lab import callbacks as cb

    what, *where = breaks.split(":")
    if what in ("full", "removed"):
        action = (lambda _: full_disk()) if what == "full" else _remove_run
        place, method, call = WRITERS[where[0]]
        before(pkgutil.resolve_name(place), method, call, action)
    elif what == "memory":
        # When the networks are there and nothing was computed yet.
        before(cb.Checkpoints, "set_model", 1, lambda _: little_memory(int(where[0])))
    elif what == "clock":
        jumping_clock()
    elif what == "nan":
        poisoned_data(int(where[0]))


def _remove_run(_):
    shutil.rmtree(sys.argv[2])


def run(kind, run_dir, *flags):
    """Trains; see the module.

    Args:
        kind: out of ``KINDS``.
        run_dir: path.
        *flags: further flags of the command line, ``--breaks`` among them.

    Returns:
        Exit code.
    """
    breaks = [flag.removeprefix("--breaks=") for flag in flags if flag.startswith("--breaks=")]
    own = [flag for flag in flags if not flag.startswith("--breaks=")]
    import_tensorflow()
    told_checkpoints()
    for each in breaks:
        prepare(each)
    words = [*KINDS[kind], f"--run_dir={run_dir}", *own]
    if kind in ("cyclegan", "stargan"):
        return run_command("translation", Translation, words)
    return main(["train", *words])


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:]))
