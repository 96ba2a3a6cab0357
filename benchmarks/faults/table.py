"""The table of what was tried and what it cost."""

HEADS = ["fault or input", "tried", "survived", "what was lost", "repeated by"]


def table_lines(results) -> list:
    """Markdown lines of a table.

    Args:
        results: list of dicts with ``name``, ``fault``, ``tried``, ``survived``, ``lost`` and
            ``long``; ``command`` where it isn't the usual one.
    """
    lines = [f"| {' | '.join(HEADS)} |", "|---|---|---|---|---|"]
    for result in results:
        lost = "<br>".join(each.replace("|", "\\|") for each in result["lost"]) or "nothing"
        command = result.get("command") or f"{'--all ' * result['long']}--only={result['name']}"
        cells = [result["fault"], result["tried"], result["survived"], lost, f"`{command}`"]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return lines
