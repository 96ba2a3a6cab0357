"""``tfgan-lab VERB``: finds the verb, parses its flags, and answers errors with a sentence."""

import contextlib
import errno
import importlib
import os
import sys
import warnings

from absl import flags

from tfgan_lab.command_line.quiet import import_tensorflow
from tfgan_lab.console import LEVELS, verbosity
from tfgan_lab.runs.settings.declaration import GROUPS

_KINDS = {"int": "number", "float": "number", "comma separated list of strings": "list"}
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

VERBS = {
    "inspect": "say what is in a folder of images, and what is wrong with it",
    "convert": "write images as TFRecord shards or npz, with checksums",
    "train": "train a generator or resume a run",
    "sweep": "train with settings varied, several seeds of each",
    "compare": "compare runs side by side",
    "diagnose": "say what is wrong with a run, and what to do",
    "evaluate": "measure a trained generator against the real images",
    "generate": "make images with a trained generator",
    "invert": "find the latents of your own images",
    "interpolate": "go from one image to another",
    "maps": "show where the discriminator sees that images are fake",
    "translate": "translate images to another domain",
    "explore": "play with a generator on a local page",
    "report": "rewrite the page of a run",
    "export": "write a generator as SavedModel, ONNX or LiteRT, checked, with a card",
}

USAGE = """usage: tfgan-lab VERB [ARGUMENTS] [--flags]

{verbs}

'tfgan-lab VERB --help' lists a verb's flags. Start with:
  tfgan-lab inspect my_images
  tfgan-lab train --data_dir=my_images --run_dir=runs/first"""


def main(argv=None) -> int:
    """Runs the command.

    Args:
        argv: the words of the command line without the program's name; the process's own unless
            given.

    Returns:
        Exit code: 0 done, 2 refused or failed (one sentence on standard error), 130 stopped by
        Ctrl-C or SIGTERM with everything saved.
    """
    argv = list(sys.argv[1:] if argv is None else argv)
    usage = USAGE.format(verbs="\n".join(f"  {name:<12}{text}" for name, text in VERBS.items()))
    if not argv or argv[0] in ("-h", "--help", "-help", "help"):
        print(usage)
        return 0
    if argv[0] == "--version":
        from tfgan_lab import __version__

        print(f"tfgan-lab {__version__}")
        return 0
    if argv[0] not in VERBS:
        print(f"tfgan-lab: Expected a verb out of {', '.join(VERBS)}. Received: {argv[0]!r}",
              file=sys.stderr)  # fmt: skip
        return 2
    verb = importlib.import_module(f"tfgan_lab.command_line.verb_{argv[0]}")
    return run_command(f"tfgan-lab {argv[0]}", verb, argv[1:])


def run_command(name, command, argv) -> int:
    """Parses flags for a command and runs it; shared by the verbs and the experiments.

    Args:
        name: what the command is called, for messages and help.
        command: object (a module, mostly) with ``USAGE``, ``define_flags(values)`` and
            ``run(arguments, values)``, the arguments being the words that are no flags. Unless
            ``NEEDS_TENSORFLOW`` is False, it is imported first, quietly. ``defaults(values)``,
            where there is one, returns what the help shows of flags that have none of their own.
        argv: list of words after the name.

    Returns:
        Exit code, see ``main``.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    values = flags.FlagValues()
    flags.DEFINE_bool("debug", False, "show the traceback of an error", flag_values=values)
    flags.DEFINE_bool("help", False, "show this help", short_name="h", flag_values=values)
    flags.DEFINE_enum(
        "verbosity", "normal", list(LEVELS), "quiet for results alone; verbose for progress in "
        "files, too, not only at a terminal", flag_values=values,
    )  # fmt: skip
    command.define_flags(values)
    try:
        arguments = values([name, *argv])[1:]
        if values.help:
            print(_help(command, values))
            return 0
        if getattr(command, "NEEDS_TENSORFLOW", True):
            import_tensorflow(values.debug)
        with _warnings_as_notes(), verbosity(values.verbosity):
            command.run(arguments, values)
    except KeyboardInterrupt:
        print(f"{name}: Stopped.", file=sys.stderr)
        return 130
    except Exception as error:
        return _answer(name, error, debug=bool(values["debug"].value))
    return 0


@contextlib.contextmanager
def _warnings_as_notes():
    """Shows warnings as a sentence, without the line of code that gave them."""
    previous = warnings.formatwarning
    warnings.formatwarning = lambda message, *_: f"Note: {message}\n"
    try:
        yield
    finally:
        warnings.formatwarning = previous


def _answer(name, error, debug):
    """One sentence for what a person can mend; for the rest, where to look."""
    if debug:
        raise error
    kind = type(error).__name__
    expected = isinstance(error, (ValueError, OSError, ImportError, MemoryError, flags.Error))
    if kind == "TrainingInterrupted":
        print(f"{name}: {error} The same command resumes from there.", file=sys.stderr)
        return 130
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        where = error.filename or "what was to be written"
        reason = os.strerror(error.errno).lower()
        print(f"{name}: Expected room on the disk for {where}. Received: {reason}; nothing that "
              "was complete is lost: make room and give the same command",
              file=sys.stderr)  # fmt: skip
    elif expected or kind == "NonFiniteError":
        print(f"{name}: {' '.join(str(error).split())}", file=sys.stderr)
    else:
        print(f"{name}: {kind}: {error} (--debug shows where)", file=sys.stderr)
    return 2


def _help(command, values):
    lines = [command.USAGE]
    defaults = command.defaults(values) if hasattr(command, "defaults") else {}
    by_group = {name: found for name, found in values.flags_by_module_dict().items() if found}
    # Flags that belong to no group of settings have the module that defines them for one.
    grouped = [group for group in GROUPS if group in by_group]
    others = [flag for group, found in by_group.items() if group not in GROUPS for flag in found]
    for group in grouped:
        lines += ["", f"{group}:", *(_line(flag, defaults) for flag in by_group[group])]
    lines += ["", *(["command:"] if grouped else [])]
    lines += [_line(flag, defaults) for flag in sorted(others, key=lambda flag: flag.name)]
    if defaults:
        lines += ["", "Behind the semicolon: what it is unless given, beside the flags given here."]
    return "\n".join(lines)


def _line(flag, defaults):
    choices = getattr(flag.parser, "enum_values", None)
    kind = "|".join(choices) if choices else _KINDS.get(flag.flag_type(), flag.flag_type())
    default = defaults.get(flag.name, "" if flag.default is None else flag.default_as_str)
    default = default.strip("'")
    meaning = flag.help.removeprefix(f"<{kind}>: ")
    return f"  --{flag.name}  {meaning}  ({kind}{default and f'; {default}'})"
