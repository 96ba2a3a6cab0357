"""Which thresholds of the failures' table runs with known outcomes would choose."""

# Nearest to what stands in the table first: of equally good ones that one is kept.
SCALES = (0.85, 1.2, 0.7, 1.4, 0.5, 2.0)
MOST_ROUNDS = 3


def choose_thresholds(failures, count_right):
    """Moves one threshold after the other where that makes more runs right.

    Args:
        failures: sequence of ``Failure``.
        count_right: function of such a sequence, how many runs are judged right by it.

    Returns:
        List of ``Failure``; the same where nothing better was found.
    """
    failures, best = list(failures), count_right(failures)
    for _ in range(MOST_ROUNDS):
        before = best
        places = [
            (place, index)
            for place, failure in enumerate(failures)
            for index in range(len(failure.conditions))
        ]
        for place, index in places:
            failure = failures[place]
            for scale in SCALES:
                trial = list(failures)
                trial[place] = _scaled(failure, index, scale)
                right = count_right(trial)
                if right > best:
                    failures, best = trial, right
        if best == before:
            break
    return failures


def moved_thresholds(before, after) -> dict:
    """(failure's name, signal) to (threshold before, after), of those that differ."""
    return {
        (failure.name, old.signal): (old.threshold, new.threshold)
        for failure, other in zip(before, after, strict=True)
        for old, new in zip(failure.conditions, other.conditions, strict=True)
        if old.threshold != new.threshold
    }


def _scaled(failure, index, scale):
    conditions = list(failure.conditions)
    conditions[index] = conditions[index]._replace(threshold=conditions[index].threshold * scale)
    return failure._replace(conditions=tuple(conditions))
