"""What a run directory holds: the name of every file and folder in it.

A run writes its settings, its log, snapshots, checkpoints, the released generator, measures, a
verdict and a page. Commands add folders of what they made with its generator. Beside a generator
stands its SHA-256, see ``tfgan_lab.files.write_with_sha256``. At the end come the names in folders
that hold several runs, or none.
"""

# The run itself.
CONFIG = "config.json"  # every resolved setting, what the images are, versions and commands
LOCK = ".lock"  # held by the process that trains
LOG = "log.csv"  # a row for every epoch
EVENTS = "events"  # a folder, for TensorBoard
CHECKPOINTS = "checkpoints"  # a folder, what the run resumes from
HEALTHY = "healthy"  # a folder, checkpoints that the run may go back to
REPORT = "report.html"
SWEEP_RESULT = "result.json"  # of a sweep's run: what came out
SWEEP_OUTPUT = "output.txt"  # of a sweep's run: what its process printed

# Its generators.
GENERATOR = "generator.keras"  # the released one
LAST_GENERATOR = "last_generator.keras"  # the newest, where the released one was chosen
RELEASED = "released"  # a folder: those that were released, with their sheets

# What was measured, and what is wrong.
METRICS = "metrics.json"  # a list of evaluations
METRICS_LOCK = ".metrics.lock"
CLASSES = "classes.json"  # measures of every class
TRANSLATION = "translation.json"  # measures of a translator
VERDICT = "verdict.json"  # with the readings that it is drawn from
READINGS = "readings.npz"  # the points that the last readings were measured along
MISSING_MODES = "missing_modes.png"  # training images of kinds that were lost

# Images of the same latents over training, and maps of what the discriminator looks at.
SNAPSHOTS = "snapshots"
UNTRAINED = "untrained.png"
DATA = "data.png"
AUGMENTED = "augmented.png"
RELEASED_SHEET = "released.png"
MAPS = "maps"
DISCRIMINATOR_MAPS = "discriminator.png"  # drawn on demand
EPOCH_SHEETS = "epoch_*.png"  # of snapshots and of maps: pattern of what ``epoch_sheet`` names

# Figures of a report, or of a data set.
FIGURES = "figures"
FIGURE_INDEX = "index.json"  # their captions

# What commands make with the released generator, each in a folder.
GENERATED = "generated"
TRANSLATED = "translated"
INVERSION = "inversion"
INVERSION_LATENTS = "latents.npz"
INVERSION_NUMBERS = "inversion.json"
INVERSION_FIGURE = "inversion.png"
INTERPOLATION = "interpolation"
INTERPOLATION_SHEET = "interpolation.png"
INTERPOLATION_ANIMATION = "interpolation.gif"
INTERPOLATION_NUMBERS = "interpolation.json"
EXPORT = "export"  # with a folder for each format
EXPORT_CARD = "card.json"
EXPORT_README = "README.md"
EXPORT_EXAMPLES = "examples.npz"

# Of several runs: a sweep's folder, and that of a comparison beside them.
SWEEP_TABLE = "sweep.md"
SWEEP_RECORD = "sweep.json"
COMPARISON = "comparison"
COMPARISON_PAGE = "comparison.html"
COMPARISON_TABLE = "comparison.md"


def epoch_sheet(epoch) -> str:
    """The name of an epoch's snapshot, or of its maps.

    Args:
        epoch: int, from 1.

    Example:
        >>> epoch_sheet(10)
        'epoch_00010.png'
    """
    return f"epoch_{epoch:05d}.png"


def epoch_of(sheet) -> int:
    """The epoch whose sheet a file is.

    Args:
        sheet: ``pathlib.Path`` of what ``epoch_sheet`` named.
    """
    return int(sheet.stem.removeprefix("epoch_"))
