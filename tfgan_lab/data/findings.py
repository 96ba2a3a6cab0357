"""The words in which an inspection is told."""

import textwrap

_MIN_IMAGES = 2
_MAX_LISTED = 20


def describe(inspection) -> str:
    """Tells the findings as text of several paragraphs, printable on any UTF-8 terminal.

    Args:
        inspection: ``tfgan_lab.data.Inspection``.

    Returns:
        Str.
    """
    skipped = [f"{printable(each.path)}: {each.reason}" for each in inspection.skipped]
    duplicates = [" = ".join(map(printable, group)) for group in inspection.duplicates]
    small = [f"{printable(each.path)}: {each.width} x {each.height}" for each in inspection.small]
    paragraphs = [
        _describe_counts(inspection),
        _listed("Cannot be used", skipped, max_listed=len(skipped)),
        _listed("The same image more than once", duplicates),
        _listed(f"Less than {inspection.image_size} pixels on the shorter side", small),
        _describe_spread(inspection),
        _describe_training(inspection),
    ]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def printable(name: str) -> str:
    r"""Escapes what would break a line, a terminal or the encoding of a report.

    Args:
        name: a file's name, perhaps with line breaks or with bytes that are not UTF-8.

    Returns:
        The name with every unprintable character as a backslash sequence.

    Example:
        >>> print(printable("two\nlines \udcff.jpg"))
        two\nlines \xff.jpg
    """

    def escaped(character):
        if character.isprintable():
            return character
        if "\udc80" <= character <= "\udcff":  # How Python holds a byte that is not UTF-8.
            return f"\\x{ord(character) - 0xDC00:02x}"
        return character.encode("unicode_escape").decode()

    return "".join(map(escaped, name))


def _describe_counts(inspection):
    total = len(inspection.usable) + len(inspection.skipped)
    if not total:
        return f"{printable(inspection.folder)} holds no {inspection.noun}s."
    text = (
        f"{printable(inspection.folder)} holds {_number(total, inspection.noun)}: "
        f"{len(inspection.usable)} can be used as images, {len(inspection.skipped)} cannot."
    )
    if inspection.usable and not inspection.duplicates:
        text += " None is there twice."
    if inspection.usable and not inspection.small:
        text += f" None is smaller than {inspection.image_size} pixels."
    return text


def _describe_spread(inspection):
    if not inspection.usable:
        return ""
    lines = []
    for name, values in inspection.sizes.items():
        digits, unit = (2, "") if name == "aspect_ratio" else (0, " pixels")
        low, middle, high = (f"{value:.{digits}f}" for value in values.values())
        title = name.replace("_", " ").capitalize()
        lines.append(f"{title}: {low} to {high}{unit}, median {middle}")
    lines.append(f"Formats: {_enumerated(inspection.formats)}")
    lines.append(f"Modes: {_enumerated(inspection.modes)}")
    if set(inspection.classes) != {""}:
        names = {printable(name) or "in no folder": n for name, n in inspection.classes.items()}
        title = "Folders (classes, if training is told so)"
        if any(file.label is not None for file in inspection.usable):
            title = "Classes"
        lines.append(f"{title}: {_enumerated(names)}")
    return "\n".join(lines)


def _describe_training(inspection):
    count, size = len(inspection.usable), inspection.image_size
    if count < _MIN_IMAGES:
        return (
            f"Training would refuse: it needs at least {_MIN_IMAGES} images that can be "
            f"used, and there {'is one' if count else 'are none'}."
        )
    kept = sum(min(f.width, f.height) / max(f.width, f.height) for f in inspection.usable) / count
    crop = f"the central square of each ({kept:.0%} of it on average)" if kept < 1 else "each"
    sentences = [
        f"Training would use {_number(count, 'image')}: {crop}, resized to {size} x {size}."
    ]
    if inspection.skipped:
        sentences.append(f"{_number(len(inspection.skipped), inspection.noun)} would be left out.")
    if inspection.modes.keys() - {"RGB"}:
        sentences.append(
            "All become 8-bit RGB, or grey if asked for; transparent parts become white."
        )
    if inspection.small:
        sentences.append(
            f"{_number(len(inspection.small), 'image')} would be enlarged, and their blur is "
            "learned like all else."
        )
    extra = sum(len(group) - 1 for group in inspection.duplicates)
    if extra:
        sentences.append(
            f"{_number(extra, 'duplicate')} would count like images of their own, which "
            "teaches that such images are common, unless deleted."
        )
    different = count - extra
    if different < 100:
        sentences.append(
            f"Caution: with only {_number(different, 'different image')} the generator will "
            "most likely repeat them instead of making new ones. Collect 300 or more."
        )
    elif different < 300:
        sentences.append(
            f"Caution: with {different} different images, expect little variety, and look "
            "for copies among what is generated. 300 or more are better."
        )
    return textwrap.fill(" ".join(sentences), 88)


def _number(count, noun):
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _enumerated(counts):
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def _listed(title, lines, max_listed=_MAX_LISTED):
    if not lines:
        return ""
    heading = f"{title} ({len(lines)}):"
    if len(lines) > max_listed:
        lines = [*lines[:max_listed], f"and {len(lines) - max_listed} more"]
    return "\n  ".join([heading, *lines])
