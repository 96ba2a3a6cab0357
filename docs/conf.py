import os
import pathlib
import re
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from tfgan_lab._version import __version__  # noqa: E402
from tfgan_lab.runs.settings.declaration import group_of_each  # noqa: E402
from tfgan_lab.runs.settings.validity import flag  # noqa: E402

project = "tfgan_lab"
author = "The tfgan_lab authors"
copyright = author
version = release = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
]
# docs/api holds what write_tables makes; pages include it.
exclude_patterns = ["_build", "api", "tables"]
language = "en"
nitpicky = False

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
smartquotes_action = "qe"  # Two hyphens begin a flag; they are no dash.

napoleon_numpy_docstring = False
napoleon_use_ivar = True
autodoc_default_options = {"members": True, "member-order": "bysource", "show-inheritance": True}
# Keras' own docstrings are Markdown and belong to Keras.
autodoc_inherit_docstrings = False
autodoc_preserve_defaults = True

html_theme = "furo"
html_title = f"tfgan_lab {__version__}"
html_copy_source = False
html_show_sourcelink = False

SOURCE_ROWS = {"data_dir", "tfds_name", "drawn"}  # one of those that there are must be given
FLAG = re.compile(r"--\w+(\.{3}|=[\w.]*\w)?")
NUMBER_WORDS = {2: "two", 3: "three"}


def setup(app):
    """Has the tables of settings and the picture of rooms made before pages are read."""
    app.connect("builder-inited", write_tables)
    app.connect("builder-inited", draw_rooms)


def draw_rooms(app):
    """Draws who imports whom."""
    import rooms

    (HERE / "api").mkdir(exist_ok=True)
    rooms.draw(HERE / "api" / "rooms.svg")


def write_tables(app):
    """Writes the tables of settings and presets, and the failures, from what declares them."""
    from tfgan_lab.diagnosis import FAILURES, TRANSLATION_FAILURES
    from tfgan_lab.runs import TRANSLATION_PRESETS, TranslationConfig
    from tfgan_lab.runs.settings.presets import PRESETS
    from tfgan_lab.runs.settings.run_config import RunConfig

    folder = HERE / "api"
    folder.mkdir(exist_ok=True)
    write_settings(folder, "", RunConfig, PRESETS)
    write_settings(folder, "translation_", TranslationConfig, TRANSLATION_PRESETS)
    for prefix, failures in [("", FAILURES), ("translation_", TRANSLATION_FAILURES)]:
        text = "\n".join(entry(failure) for failure in failures)
        write_changed(folder / f"{prefix}failures.md", text)


def entry(failure):
    """A failure as an item of a definition list: in a table its sentences would be columns."""
    seen = ", ".join(
        f"`{each.signal}` {each.sign} {each.threshold:g}" for each in failure.conditions
    )
    changes = ", ".join(f"`--{name}` {changed(change)}" for name, change in failure.changes.items())
    remedy = FLAG.sub(r"`\g<0>`", failure.remedy)
    lines = [
        f"**{failure.name.replace('_', ' ')}**",
        f": {failure.sentence}",
        f": *Seen by* {seen}; {lasting(failure)}.",
        f": *What to do:* {remedy}",
    ]
    return "\n".join(lines + [f": *A rollback changes* {changes}."] * bool(changes)) + "\n"


def lasting(failure):
    """In how many readings, and along how many training images, a failure must be seen."""
    readings = f"{failure.readings} reading" + "s" * (failure.readings > 1)
    span = f", {failure.span_images:,} images" if failure.span_images else ""
    return readings + span


def write_settings(folder, prefix, config, presets):
    """Writes the tables of a configuration's settings and presets, group by group."""
    groups = group_of_each(config)
    fields = {name: config.__dataclass_fields__[name] for name in groups}
    sources = SOURCE_ROWS & fields.keys()
    settings, group = [], None
    for name, field in fields.items():
        if groups[name] != group:
            group = groups[name]
            settings.append([f"**{group}**", "", "", "", ""])
        settings.append([
            written(field),
            field.metadata["meaning"],
            f"one of the {NUMBER_WORDS[len(sources)]}" if name in sources else shown(field.default),
            allowed(field),
            "the same" if field.metadata["identity"] else "may change",
        ])  # fmt: skip
    heads = ["Setting", "Meaning", "Default", "Allowed", "On resuming"]
    write_table(folder / f"{prefix}settings_table.md", heads, settings)
    named = [name for name in fields if any(name in preset for preset in presets.values())]
    rows = [
        [written(fields[name]), shown(fields[name].default)]
        + [shown(preset[name]) if name in preset else "" for preset in presets.values()]
        for name in named
    ]
    heads = ["Setting", "Default", *(f"`{name}`" for name in presets)]
    write_table(folder / f"{prefix}presets_table.md", heads, rows)


def write_table(path, heads, rows):
    """Writes a Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    text = "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n"
                   for line in lines)  # fmt: skip
    write_changed(path, text)


def write_changed(path, text):
    """Writes a file, unless the same one is there: then its page needs no new build."""
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def written(field):
    """A setting's name, with the hyphens of a flag where it is one."""
    return f"`{flag(field)}`"


def changed(change):
    """What a rollback does to a setting."""
    factor = getattr(change, "factor", None)
    return f"to {shown(change)}" if factor is None else f"times {factor:g}"


def shown(value):
    """A value as it would be written on the command line."""
    if value == "":
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return f"`{','.join(str(item) for item in value)}`"
    return f"`{value}`"


def allowed(field):
    """The choices or bounds of a setting, or the kind of its values."""
    choices, low, high = (field.metadata[name] for name in ("choices", "low", "high"))
    if choices:
        return ", ".join(shown(choice) for choice in choices if choice != "")
    if field.type is bool:
        return "yes, no"
    if low is not None and high is not None:
        return f"{low} to {high}"
    if low is not None:
        return f"from {low}"
    return {tuple: "whole numbers, separated by commas"}.get(field.type, "text")
