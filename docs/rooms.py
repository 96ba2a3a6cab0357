"""Draws the rooms of the package and who imports whom, from the imports themselves."""

import ast
import configparser
import pathlib
import textwrap

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent
ROOT_PACKAGES = ("tfgan_lab", "experiments")
HALF_HEIGHT = 0.36  # of a room's box
# To the side, so that no arrow passes below a box.
SHIFTS = {
    "explorer": -1.2,
    "reports": 1.2,
    "runs/export": 0.05,
    "runs/sweep": -0.05,
    "runs/settings": -1.2,
    "callbacks": 0.9,
    "attribution": -0.1,
    "diagnosis": -0.1,
    "models": 0.6,
    "metrics": -0.5,
    "networks": -1.2,
    "latents": 1.0,
    "model_files": 1.0,
}


def room_of(module) -> str:
    """The room that a module is in: ``tfgan_lab.data.pixels`` is in ``data``.

    Args:
        module: dotted name.
    """
    first, *rest = module.split(".")
    if first != "tfgan_lab" or not rest:
        return first
    # What runs do is sorted into rooms of its own.
    inner = rest[0] == "runs" and len(rest) > 1 and (ROOT / "tfgan_lab/runs" / rest[1]).is_dir()
    return f"runs/{rest[1]}" if inner else rest[0]


def imported_modules(tree) -> set:
    """Names of all modules that a module imports, also within functions.

    Args:
        tree: ``ast.Module``.
    """
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in names if name.split(".")[0] in ROOT_PACKAGES}


def read_rooms() -> tuple:
    """Reads all files.

    Returns:
        Dict of a room to (number of files, number of lines), and dict of a room to the set of
        rooms that it imports.
    """
    sizes, imports = {}, {}
    for package in ROOT_PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            room, text = room_of(module.removesuffix(".__init__")), path.read_text()
            files, lines = sizes.get(room, (0, 0))
            sizes[room] = files + 1, lines + text.count("\n")
            wanted = imports.setdefault(room, set())
            wanted |= {room_of(name) for name in imported_modules(ast.parse(text))}
    return sizes, {room: wanted & sizes.keys() - {room} for room, wanted in imports.items()}


def layers() -> list:
    """The rows of the import contracts in ``setup.cfg``, from the top, each a list of rooms."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")

    def rows_of(contract):
        rows = config[f"importlinter:contract:{contract}"]["layers"].strip().splitlines()
        return [
            [name.strip().removeprefix("tfgan_lab.") for name in row.split("|")] for row in rows
        ]

    rows = []
    for row in rows_of("rooms"):
        inner = [[f"runs/{name}" for name in each] for each in rows_of("runs")]
        rows += inner if row == ["runs"] else [row]
    return rows


def purpose_of(room) -> str:
    """What a room is for: the first line of its docstring."""
    folder = ROOT if (ROOT / room).is_dir() else ROOT / "tfgan_lab"
    return ast.get_docstring(ast.parse((folder / room / "__init__.py").read_text())).split("\n")[0]


def without_detours(imports) -> dict:
    """Leaves out an import that another one leads to anyway.

    Args:
        imports: dict of a room to the set of rooms that it imports; no circles.

    Example:
        >>> without_detours({"a": {"b", "c"}, "b": {"c"}, "c": set()})
        {'a': {'b'}, 'b': {'c'}, 'c': set()}
    """

    def reached(room):
        return imports[room].union(*(reached(other) for other in imports[room]))

    return {
        room: wanted - set().union(*(reached(other) for other in wanted))
        for room, wanted in imports.items()
    }


def draw(path) -> None:
    """Draws the rooms, row by row, and writes the picture.

    Args:
        path: of an SVG file.
    """
    from matplotlib.figure import Figure

    sizes, imports = read_rooms()
    rows = [[room for room in row if room in sizes and is_folder(room)] for row in layers()]
    rows = [row for row in rows if row]
    shown = {room for row in rows for room in row}
    imports = {room: imports[room] & shown for room in shown}
    figure = Figure(figsize=(9, 1.2 * len(rows)))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(-2.1, 2.1), ylim=(-0.55, len(rows) - 0.45))
    axes.axis("off")
    places = {
        room: (index - (len(row) - 1) / 2 + SHIFTS.get(room, 0), height)
        for height, row in enumerate(reversed(rows))
        for index, room in enumerate(row)
    }
    for room, wanted in without_detours(imports).items():
        for other in sorted(wanted):
            (x, y), (to_x, to_y) = places[room], places[other]
            axes.annotate(
                "",
                (to_x, to_y + HALF_HEIGHT),
                (x, y - HALF_HEIGHT),
                arrowprops={"arrowstyle": "-|>", "color": "0.55", "linewidth": 0.8},
            )
    for room, (x, y) in places.items():
        files, lines = sizes[room]
        box = {"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": "0.3"}
        axes.text(x, y, described(room, files, lines), ha="center", va="center", fontsize=7.5,
                  linespacing=1.3, bbox=box)  # fmt: skip
    figure.savefig(path)


def is_folder(room) -> bool:
    """Whether a row of the contract is a room, and no single module."""
    return (ROOT / room).is_dir() or (ROOT / "tfgan_lab" / room).is_dir()


def described(room, files, lines) -> str:
    """What stands in a room's box."""
    name = "\\ ".join(room.replace("_", r"\_").split())
    purpose = textwrap.wrap(purpose_of(room).rstrip(".").replace("``", ""), 30)
    return "\n".join([rf"$\bf{{{name}}}$", *purpose, f"{files} files, {lines:,} lines"])
