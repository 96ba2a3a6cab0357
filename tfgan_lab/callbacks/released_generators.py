"""The generators that a run released, as far back as it may return."""

import pathlib

from tfgan_lab import run_layout
from tfgan_lab.callbacks.generator_release import class_names_of, released_bytes
from tfgan_lab.callbacks.image_snapshots import snapshot_grid
from tfgan_lab.files import SHA256_SUFFIX, write_atomically, write_with_sha256
from tfgan_lab.plots.grids import png_bytes


class ReleasedGenerators:
    """Keeps every generator that was released when it was measured, until nothing needs it.

    A run that was killed, or that goes back, continues from a checkpoint, and must then find the
    generator that was released there. So ``released/00028000.keras`` is the one after 28,000
    training images, with its sample sheet ``released/00028000.png``; the newest is the one that
    is released now.

    Args:
        directory: path of the run.
    """

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.folder = self.directory / run_layout.RELEASED

    def kept(self) -> list:
        """Training images that the kept generators had seen, in ascending order."""
        return sorted(int(file.stem) for file in self.folder.glob("*.keras") if _is_ours(file))

    def keep(self, model) -> None:
        """Keeps a model's sampling generator, and its sheet of the snapshots' latents.

        Args:
            model: an ``AdversarialModel`` that generates from latents.
        """
        path = self._path(int(model.images_seen.numpy()))
        write_atomically(path.with_suffix(".png"), png_bytes(snapshot_grid(model)))
        content = released_bytes(model.sampling_generator, class_names_of(model))
        write_atomically(path, content)

    def release(self) -> bool:
        """Makes the newest one ``generator.keras``, and its sheet ``snapshots/released.png``.

        Returns:
            Whether there is one.
        """
        kept = self.kept()
        if not kept:
            return False
        path = self._path(kept[-1])
        write_with_sha256(self.directory / run_layout.GENERATOR, path.read_bytes())
        sheet = path.with_suffix(".png")
        if sheet.exists():
            snapshots = self.directory / run_layout.SNAPSHOTS
            write_atomically(snapshots / run_layout.RELEASED_SHEET, sheet.read_bytes())
        return True

    def go_back(self, images) -> None:
        """Forgets generators of after so many training images; the newest of before is released.

        Args:
            images: int.
        """
        beyond = [each for each in self.kept() if each > images]
        self._remove(beyond)
        if not self.release() and beyond:
            # None is left: what is released would be of a training that never was.
            generator = run_layout.GENERATOR
            sheet = f"{run_layout.SNAPSHOTS}/{run_layout.RELEASED_SHEET}"
            for name in (generator, generator + SHA256_SUFFIX, sheet):
                (self.directory / name).unlink(missing_ok=True)

    def forget_unreachable(self, model) -> None:
        """Removes those that are released neither now nor as of any checkpoint of the run.

        Args:
            model: the model as it is now.
        """
        seen, step = int(model.images_seen.numpy()), int(model.step.numpy())
        steps = [file.stem.split("-")[1] for file in self.directory.glob("*/step-*.index")]
        # Every step sees equally many images.
        reachable = [seen, *(int(each) * seen // step for each in steps if each.isdecimal())]
        kept = self.kept()
        needed = {max((each for each in kept if each <= at), default=None) for at in reachable}
        self._remove(each for each in kept if each not in needed)

    def _path(self, images):
        return self.folder / f"{images:08d}.keras"

    def _remove(self, kept):
        for images in kept:
            for ending in (".keras", ".png"):
                self._path(images).with_suffix(ending).unlink(missing_ok=True)


def _is_ours(file):
    return file.stem.isdecimal()
