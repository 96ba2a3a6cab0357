"""The verdict on a run that is over, or still in progress, in words."""

from tfgan_lab.diagnosis.verdict import history, judge
from tfgan_lab.runs.training.rollback import describe_rollback


def diagnose(run) -> str:
    """Says what is wrong with a run, since when, and what it was said to be before.

    Looks at what the run read while it trained. Where it read nothing (``--diagnose_every=0``),
    the newest checkpoint is looked at, once; then nothing can be said of changes.

    Args:
        run: what ``open_run`` returned.

    Returns:
        Text of several lines.

    Raises:
        ConfigError: a run that has neither readings nor checkpoints yet, or whose images are
            others by now.
    """
    readings, said = run.signals(), []
    if readings:
        verdict, said = judge(readings, run.FAILURES), history(readings, run.FAILURES)
        looked = f"{len(readings)} readings, the last at {readings[-1]['images']:,} images."
    else:
        model = run.model()
        reading = run.read_signals(model) | {"images": int(model.images_seen.numpy())}
        at_once = [failure._replace(readings=1) for failure in run.FAILURES]
        verdict = judge([reading], at_once, min_readings=1)
        looked = f"One reading of the checkpoint at {reading['images']:,} images."
    lines = [str(verdict), "", looked]
    if verdict.others:
        lines.append("Also: " + ", ".join(name.replace("_", " ") for name in verdict.others) + ".")
    if len(said) > 1:
        lines.append("What was said while it trained:")
        lines += [f"  {images:>10,}  {each.name.replace('_', ' ')}" for images, each in said]
    return "\n".join(lines + [describe_rollback(entry) for entry in run.rollbacks])
